-- Networks, what is known about them, and what was predicted of them.
--
-- Hashes are the 128 bits of XXH3 as 32 hex digits. Blobs of graphs and texts
-- are zstd frames, compressed with the dictionary of their row when it has one.

CREATE TABLE dictionaries (
  id       INTEGER PRIMARY KEY,
  data     BLOB NOT NULL CHECK (length(data) > 0)
);

-- One row for each distinct network, in the node order it came in.
CREATE TABLE graphs (
  id             INTEGER PRIMARY KEY,
  content_hash   TEXT NOT NULL UNIQUE CHECK (length(content_hash) = 32),
  canonical_hash TEXT NOT NULL CHECK (length(canonical_hash) = 32),
  dictionary     INTEGER REFERENCES dictionaries (id),
  data           BLOB NOT NULL,              -- lossless text
  nodes          INTEGER NOT NULL CHECK (nodes >= 0),
  params         INTEGER NOT NULL CHECK (params >= 0),
  macs           INTEGER NOT NULL CHECK (macs >= 0)
);
CREATE INDEX graphs_by_canonical_hash ON graphs (canonical_hash);

-- Texts in forms that do not hold the whole graph.
CREATE TABLE texts (
  graph      INTEGER NOT NULL REFERENCES graphs (id) ON DELETE CASCADE,
  format     TEXT NOT NULL CHECK (format IN ('onnx-net')),
  dictionary INTEGER REFERENCES dictionaries (id),
  data       BLOB NOT NULL,
  PRIMARY KEY (graph, format)
) WITHOUT ROWID;

CREATE TABLE spaces (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> '')
);

-- A point of a search space, by its native specification.
CREATE TABLE architectures (
  id    INTEGER PRIMARY KEY,
  space INTEGER NOT NULL REFERENCES spaces (id),
  spec  TEXT NOT NULL,
  graph INTEGER NOT NULL REFERENCES graphs (id),
  UNIQUE (space, spec)
);
CREATE INDEX architectures_by_graph ON architectures (graph);

-- What makes labels comparable: numbers of one series may be ranked against each
-- other, numbers of two never.
CREATE TABLE label_series (
  id       INTEGER PRIMARY KEY,
  dataset  TEXT NOT NULL,
  metric   TEXT NOT NULL,
  protocol TEXT NOT NULL,
  kind     TEXT NOT NULL CHECK (kind IN
             ('trained', 'weight-sharing', 'surrogate', 'proxy', 'rank')),
  epochs   INTEGER NOT NULL CHECK (epochs >= 0),
  source   TEXT NOT NULL,
  UNIQUE (dataset, metric, protocol, kind, epochs, source)
);

-- One measured or borrowed number.
CREATE TABLE labels (
  architecture INTEGER NOT NULL REFERENCES architectures (id) ON DELETE CASCADE,
  series       INTEGER NOT NULL REFERENCES label_series (id),
  seed         INTEGER NOT NULL,             -- -1: the mean of several
  value        REAL NOT NULL,
  PRIMARY KEY (architecture, series, seed)
) WITHOUT ROWID;

CREATE TABLE latency_series (
  id      INTEGER PRIMARY KEY,
  target  TEXT NOT NULL,
  threads INTEGER NOT NULL CHECK (threads > 0),
  options TEXT NOT NULL,
  source  TEXT NOT NULL,
  UNIQUE (target, threads, options, source)
);

-- Medians of measured runs, in nanoseconds.
CREATE TABLE latencies (
  graph     INTEGER NOT NULL REFERENCES graphs (id) ON DELETE CASCADE,
  series    INTEGER NOT NULL REFERENCES latency_series (id),
  median_ns INTEGER NOT NULL CHECK (median_ns >= 0),
  p10_ns    INTEGER,
  p90_ns    INTEGER,
  runs      INTEGER NOT NULL CHECK (runs > 0),
  PRIMARY KEY (graph, series)
) WITHOUT ROWID;

CREATE TABLE predictions (
  graph       INTEGER NOT NULL REFERENCES graphs (id) ON DELETE CASCADE,
  surrogate   TEXT NOT NULL,
  dataset     TEXT NOT NULL,
  mean        REAL NOT NULL,
  uncertainty REAL NOT NULL CHECK (uncertainty >= 0),
  familiar    INTEGER NOT NULL CHECK (familiar IN (0, 1)),
  PRIMARY KEY (graph, surrogate, dataset)
) WITHOUT ROWID;

-- Object code by content hash and target.
CREATE TABLE kernels (
  hash      TEXT NOT NULL CHECK (length(hash) > 0),
  target    TEXT NOT NULL,
  object    BLOB NOT NULL,
  median_ns INTEGER,
  PRIMARY KEY (hash, target)
);

-- How far each import has come; moves in the transaction that adds its rows.
CREATE TABLE imports (
  source   TEXT PRIMARY KEY,
  next_row INTEGER NOT NULL CHECK (next_row >= 0)
) WITHOUT ROWID;
