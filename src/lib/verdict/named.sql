-- The same with the names that the owner's words and rules may ask for: few sites have any, and text is slow.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT seen.*, hash::VARCHAR AS hash, address.word AS address, agent.word AS agent, asn.word AS asn
FROM seen
JOIN visitors USING (visitor)
JOIN clients USING (client)
JOIN (FROM words WHERE field = {ip}) AS address ON address.id = clients.ip
JOIN (FROM words WHERE field = {user_agent}) AS agent ON agent.id = clients.user_agent
JOIN (FROM words WHERE field = {asn}) AS asn ON asn.id = clients.asn
