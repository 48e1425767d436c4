-- Where the build's report is, and what instances had to load though it says that no import leads there.
ALTER TABLE revision ADD COLUMN report text;
ALTER TABLE revision ADD COLUMN late_modules text NOT NULL DEFAULT '[]';
