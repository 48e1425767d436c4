-- The two logs of a revision: what its build did and what its code printed.
CREATE TABLE log_line (
  id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT log_line_pk PRIMARY KEY,
  revision_id uuid NOT NULL CONSTRAINT log_line_revision_fk REFERENCES revision,
  source      text NOT NULL CONSTRAINT log_line_source_known CHECK (source IN ('BUILD', 'FUNCTION')),
  at          timestamptz NOT NULL,
  text        text NOT NULL
);

CREATE INDEX log_line_by_revision ON log_line (revision_id, source, id);
