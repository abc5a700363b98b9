-- Tells the families of new words.
INSERT INTO probed SELECT field, id, family FROM numbered WHERE is_new AND family IS NOT NULL;
