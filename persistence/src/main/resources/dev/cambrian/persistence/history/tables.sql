-- The tables that docs/queries.md documents, and those that the journal is loaded into first.

CREATE TABLE individuals (
  id BIGINT, parent BIGINT, generation INTEGER, mutations VARCHAR[], inherits BOOLEAN, attempts INTEGER, state VARCHAR,
  fitness DOUBLE, test_accuracy DOUBLE, failure VARCHAR, parameters BIGINT, flops DOUBLE, learning_rate DOUBLE,
  weight_decay DOUBLE, depth INTEGER, convolutions INTEGER, skips INTEGER[], weights VARCHAR, worker VARCHAR,
  took_seconds DOUBLE,
  conceived_event BIGINT, conceived_time TIMESTAMP, conceived_seconds DOUBLE,
  trained_event BIGINT, trained_time TIMESTAMP, trained_seconds DOUBLE,
  died_event BIGINT, died_time TIMESTAMP, died_seconds DOUBLE);

CREATE TABLE events (
  event BIGINT, time TIMESTAMP, seconds DOUBLE, sitting INTEGER, type VARCHAR, individual BIGINT, attempt INTEGER,
  worker VARCHAR, fitness DOUBLE, flops DOUBLE, command VARCHAR, detail VARCHAR);

CREATE TABLE tournaments (
  event BIGINT, time TIMESTAMP, seconds DOUBLE, first BIGINT, second BIGINT, killed BIGINT, parent BIGINT, child BIGINT,
  mutations_per_reproduction INTEGER, worker VARCHAR);

CREATE TABLE trainings (
  individual BIGINT, attempt INTEGER, result VARCHAR, fitness DOUBLE, reason VARCHAR, message VARCHAR, flops DOUBLE,
  took_seconds DOUBLE, worker VARCHAR, weights VARCHAR, time TIMESTAMP, assigned_event BIGINT, assigned_seconds DOUBLE,
  event BIGINT, seconds DOUBLE);

CREATE TABLE curves (individual BIGINT, attempt INTEGER, step BIGINT, loss DOUBLE, accuracy DOUBLE);

CREATE TABLE controls (
  event BIGINT, time TIMESTAMP, seconds DOUBLE, type VARCHAR, command VARCHAR, key VARCHAR, value VARCHAR);

CREATE TABLE workers (
  worker VARCHAR, assigned BIGINT, trained BIGINT, failed BIGINT, training_seconds DOUBLE, first_seconds DOUBLE,
  last_seconds DOUBLE);

CREATE SCHEMA loaded;

-- The results that the spine was told of.
CREATE TABLE loaded.told (
  event BIGINT, time TIMESTAMP, seconds DOUBLE, individual BIGINT, attempt INTEGER, trained BOOLEAN, fitness DOUBLE,
  weights VARCHAR, flops DOUBLE, reason VARCHAR);

CREATE TABLE loaded.lost (event BIGINT, time TIMESTAMP, seconds DOUBLE, individual BIGINT);

CREATE TABLE loaded.tested (event BIGINT, individual BIGINT, accuracy DOUBLE);

CREATE TABLE loaded.conceived (
  individual BIGINT, generation INTEGER, mutations VARCHAR[], inherits BOOLEAN, parameters BIGINT,
  learning_rate DOUBLE, weight_decay DOUBLE, depth INTEGER, convolutions INTEGER, skips INTEGER[]);

-- The results in the biographies.
CREATE TABLE loaded.results (
  individual BIGINT, attempt INTEGER, trained BOOLEAN, fitness DOUBLE, reason VARCHAR, message VARCHAR, flops DOUBLE,
  took_seconds DOUBLE, worker VARCHAR, weights VARCHAR, time TIMESTAMP);
