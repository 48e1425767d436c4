-- Passwords are encrypted from now on. The salt is hexadecimal; while it is empty, the password is as it was before,
-- until the build-service starts.
ALTER TABLE index_login ADD COLUMN salt text NOT NULL DEFAULT '';
