-- Puts together what spine and biographies tell of the same thing. The spine decides who there is and what counts.

CREATE TABLE loaded.assigned AS
  SELECT event, time, seconds, individual, attempt, worker
  FROM events
  WHERE type IN ('initial-assigned', 'tournament-held', 'reassigned') AND individual IS NOT NULL;

INSERT INTO trainings
  WITH ended AS (
    SELECT
      coalesce(told.individual, found.individual) AS individual,
      coalesce(told.attempt, found.attempt) AS attempt,
      coalesce(told.trained, found.trained) AS trained,
      coalesce(told.fitness, found.fitness) AS fitness,
      coalesce(told.reason, found.reason) AS reason,
      coalesce(told.flops, found.flops) AS flops,
      coalesce(told.weights, found.weights) AS weights,
      coalesce(found.time, told.time) AS time,
      found.message, found.took_seconds, found.worker, told.event, told.seconds
    FROM loaded.told AS told
    FULL JOIN loaded.results AS found ON told.individual = found.individual AND told.attempt = found.attempt)
  SELECT
    ended.individual, ended.attempt, CASE WHEN ended.trained THEN 'TRAINED' ELSE 'FAILED' END, ended.fitness,
    ended.reason, ended.message, ended.flops, ended.took_seconds, coalesce(ended.worker, assigned.worker),
    ended.weights, ended.time, assigned.event, assigned.seconds, ended.event, ended.seconds
  FROM ended
  LEFT JOIN loaded.assigned AS assigned
    ON assigned.individual = ended.individual AND assigned.attempt = ended.attempt
  ORDER BY ended.individual, ended.attempt;

INSERT INTO individuals
  WITH
    begun AS (
      SELECT individual AS id, arg_min(time, event) AS time, arg_min(seconds, event) AS seconds, min(event) AS event,
        arg_max(worker, event) AS worker
      FROM loaded.assigned
      GROUP BY individual),
    counted AS (
      SELECT individual AS id, max(attempt) AS attempts, coalesce(sum(flops), 0) AS flops
      FROM events
      WHERE individual IS NOT NULL
      GROUP BY individual),
    failed AS (
      SELECT individual AS id, arg_max(reason, event) AS reason
      FROM loaded.told
      WHERE NOT trained
      GROUP BY individual),
    ends AS (
      SELECT killed AS id, event, time, seconds FROM tournaments WHERE killed IS NOT NULL
      UNION ALL
      SELECT individual, event, time, seconds FROM loaded.lost),
    dead AS (
      SELECT id, min(event) AS event, arg_min(time, event) AS time, arg_min(seconds, event) AS seconds
      FROM ends
      WHERE id NOT IN (SELECT id FROM failed)
      GROUP BY id),
    trained AS (
      SELECT individual AS id, max(event) AS event, arg_max(attempt, event) AS attempt, arg_max(time, event) AS time,
        arg_max(seconds, event) AS seconds, arg_max(fitness, event) AS fitness, arg_max(weights, event) AS weights
      FROM loaded.told
      WHERE trained
      GROUP BY individual),
    resets AS (
      SELECT event FROM events WHERE type = 'weights-reset'),
    -- The last reset of all weights in whoever's lifetime: a result from before it does not count.
    lives AS (
      SELECT begun.*, dead.event AS died_event, dead.time AS died_time, dead.seconds AS died_seconds,
        coalesce(dead.event, 9223372036854775807) AS until
      FROM begun
      LEFT JOIN dead ON dead.id = begun.id),
    counting AS (
      SELECT lives.id, trained.event, trained.attempt, trained.time, trained.seconds, trained.fitness, trained.weights
      FROM lives
      ASOF LEFT JOIN resets ON lives.until > resets.event
      JOIN trained ON trained.id = lives.id AND trained.event > coalesce(resets.event, 0)),
    parents AS (
      SELECT child AS id, parent FROM tournaments WHERE child IS NOT NULL),
    tests AS (
      SELECT individual AS id, arg_min(accuracy, event) AS accuracy FROM loaded.tested GROUP BY individual)
  SELECT
    lives.id, parents.parent, made.generation, made.mutations, made.inherits, counted.attempts,
    CASE
      WHEN failed.id IS NOT NULL THEN 'FAILED'
      WHEN lives.died_event IS NOT NULL THEN 'DEAD'
      WHEN counting.event IS NOT NULL THEN 'ALIVE'
      ELSE 'TRAINING'
    END,
    counting.fitness, tests.accuracy, failed.reason, made.parameters, counted.flops, made.learning_rate,
    made.weight_decay, made.depth, made.convolutions, made.skips, counting.weights,
    coalesce(trainings.worker, lives.worker), trainings.took_seconds,
    lives.event, lives.time, lives.seconds, counting.event, counting.time, counting.seconds,
    lives.died_event, lives.died_time, lives.died_seconds
  FROM lives
  LEFT JOIN parents ON parents.id = lives.id
  LEFT JOIN counted ON counted.id = lives.id
  LEFT JOIN failed ON failed.id = lives.id
  LEFT JOIN counting ON counting.id = lives.id
  LEFT JOIN trainings ON trainings.individual = lives.id AND trainings.event = counting.event
  LEFT JOIN tests ON tests.id = lives.id
  LEFT JOIN loaded.conceived AS made ON made.individual = lives.id
  ORDER BY lives.id;

INSERT INTO workers
  WITH
    assigned AS (
      SELECT worker, count(*) AS assigned, min(seconds) AS first, max(seconds) AS last
      FROM loaded.assigned
      GROUP BY worker),
    ended AS (
      SELECT worker, count(*) FILTER (result = 'TRAINED') AS trained, count(*) FILTER (result = 'FAILED') AS failed,
        sum(took_seconds) AS training, max(seconds) AS last
      FROM trainings
      GROUP BY worker)
  SELECT
    assigned.worker, assigned.assigned, coalesce(ended.trained, 0), coalesce(ended.failed, 0),
    coalesce(ended.training, 0), assigned.first, greatest(assigned.last, coalesce(ended.last, 0))
  FROM assigned
  LEFT JOIN ended ON ended.worker = assigned.worker
  ORDER BY assigned.worker;

DROP SCHEMA loaded CASCADE;
