-- Identifies a client by a number: its address, or its host name as a negative number, or 0 if it has neither.
CREATE OR REPLACE TEMP MACRO address_of(ip, client_name) AS CASE WHEN ip > 0 THEN ip ELSE -client_name END;
