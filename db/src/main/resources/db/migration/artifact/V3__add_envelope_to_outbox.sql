-- Events carry CloudEvents attributes: when they happened, whom they concern, which trace they belong to.
ALTER TABLE outbox ADD COLUMN occurred_at timestamptz;
ALTER TABLE outbox ADD COLUMN tenant text;
ALTER TABLE outbox ADD COLUMN trace text;
