-- An address as text of one width, which sorts as addresses do: IPv4 before IPv6.
CREATE OR REPLACE TEMP MACRO groups(ip) AS len(list_filter(string_split(ip, ':'), lambda word: word <> ''));

CREATE OR REPLACE TEMP MACRO wide_groups(ip, mark, width) AS
array_to_string(
  list_transform(
    list_filter(string_split(ip, mark), lambda word: word <> ''),
    lambda word: lpad(word, width, '0')
  ),
  ''
);

CREATE OR REPLACE TEMP MACRO wide_address(ip) AS CASE
  WHEN contains(ip, ':') THEN '6' || wide_groups(replace(ip, '::', ':' || repeat('0:', 8 - groups(ip))), ':', 4)
  ELSE '4' || wide_groups(ip, '.', 3)
END;
