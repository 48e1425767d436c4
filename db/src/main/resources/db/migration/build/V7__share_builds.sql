-- Whose builds ended lately decides whose turn it is.
CREATE INDEX build_ended ON build (ended_at);
