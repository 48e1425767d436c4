-- Events wait here in the transaction that made them, until the relay has sent them.
CREATE TABLE outbox (
  id       bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_pk PRIMARY KEY,
  event_id uuid NOT NULL,
  topic    text NOT NULL,
  key      text NOT NULL,
  type     text NOT NULL,
  payload  text NOT NULL,
  left_at  timestamptz NOT NULL DEFAULT now()
);
