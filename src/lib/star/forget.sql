-- Deletes what no hit refers to, so that an erased hit leaves no text behind.
DELETE FROM clients WHERE client NOT IN (SELECT client FROM hits);

DELETE FROM sources WHERE source NOT IN (SELECT source FROM hits);

DELETE FROM own_domains WHERE domain NOT IN (SELECT referrer_domain FROM sources);

DELETE FROM visitors WHERE visitor > 0 AND visitor NOT IN (SELECT visitor FROM hits);

DELETE FROM evidence WHERE visitor NOT IN (SELECT visitor FROM hits);

DELETE FROM verdicts WHERE visitor NOT IN (SELECT visitor FROM hits);

DELETE FROM routes WHERE path NOT IN (SELECT path FROM hits);

DELETE FROM words
WHERE id > 0 AND (field, id) NOT IN (
{used}
);

DELETE FROM probed WHERE (field, id) NOT IN (SELECT field, id FROM words)
