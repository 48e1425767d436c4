-- What a function's lines say beside their text; empty where nobody said it.
ALTER TABLE log_line ADD COLUMN level text NOT NULL DEFAULT '';
ALTER TABLE log_line ADD COLUMN invocation text NOT NULL DEFAULT '';
