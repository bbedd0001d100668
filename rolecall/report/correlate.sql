-- Results to rows: duplicates removed, code and account joined, one row for each rule and resource.
--
-- result: what the inputs said (rolecall.report.shards.Key). fact: which resource in code is which in an account.
-- relation: how checks of Checkov and Prowler compare (the crosswalk). What is empty is NULL. Ranks count from 1, the
-- gravest; of status: 1 FAIL, 2 ERROR, 3 UNKNOWN, 4 MUTED, 5 PASS. join_rank: by which key, see below; 10 more where it is
-- likely only.

-- An input without resources (SARIF): the resource is that of the same lines, where another input names exactly one.
-- Checkov's line numbers of templates differ by one between its outputs.
CREATE TEMP TABLE named AS
SELECT s.shard, s."at", any_value(o.resource) AS resource, any_value(o.label) AS label,
       any_value(o.framework) AS framework, any_value(o.address) AS address, any_value(o.type) AS type,
       any_value(o.kind) AS kind, max(o.name) AS name, any_value(o.first) AS first, any_value(o.last) AS last
FROM result s
JOIN result o ON o.file = s.file AND abs(o.first - s.first) <= 1 AND abs(o.last - s.last) <= 1
WHERE s.framework = 'sarif' AND NOT o.live AND o.framework <> 'sarif'
GROUP BY s.shard, s."at"
HAVING count(DISTINCT o.framework || o.address) = 1;

UPDATE result SET resource = named.resource, label = named.label, framework = named.framework, address = named.address,
                  type = named.type, kind = named.kind, name = named.name, first = named.first, last = named.last
FROM named WHERE result.shard = named.shard AND result."at" = named."at";

-- What is said more than once of one place. Where one input says that it is muted, it is; a bare record of the host
-- gives way to the finding itself.
CREATE TEMP TABLE again AS
SELECT "check", resource, file, first, bool_or(status_rank = 4) AS muted, bool_or(status_rank <> 4) AS judged
FROM result GROUP BY ALL HAVING count(*) > 1;

CREATE TEMP TABLE doubted AS
SELECT r.*, a.muted, a.judged,
       bool_or(NOT bare) OVER (PARTITION BY r."check", r.resource, r.file, r.first, status_rank) AS told,
       min_by({shard: shard, "at": "at", size: size}, (shard, "at")) FILTER (status_rank = 4)
           OVER (PARTITION BY r."check", r.resource, r.file, r.first) AS muted_by
FROM result r JOIN again a
  ON r."check" = a."check" AND r.resource = a.resource
 AND r.file IS NOT DISTINCT FROM a.file AND r.first IS NOT DISTINCT FROM a.first;

CREATE TABLE told AS
SELECT * EXCLUDE (said, bare), NULL::STRUCT(shard BIGINT, "at" BIGINT, size BIGINT) AS muted_by
FROM result r ANTI JOIN again a
  ON r."check" = a."check" AND r.resource = a.resource
 AND r.file IS NOT DISTINCT FROM a.file AND r.first IS NOT DISTINCT FROM a.first
UNION ALL BY NAME
SELECT * EXCLUDE (said, bare, muted, judged, told, n),
FROM (
  SELECT * REPLACE (CASE WHEN muted AND status_rank IN (1, 3) THEN 4 ELSE status_rank END AS status_rank,
                    CASE WHEN muted AND status_rank IN (1, 3) THEN muted_by END AS muted_by),
         row_number() OVER (PARTITION BY "check", resource, file, first, status_rank, said ORDER BY shard, "at") AS n
  FROM doubted
  WHERE NOT (judged AND status_rank = 4) AND NOT (bare AND told)
)
WHERE n = 1;
DROP TABLE result;

-- The resources of both sides, with all that any result knows of them.
CREATE TABLE resource AS
SELECT row_number() OVER () AS id, *
FROM (
  SELECT resource, live, max(label) AS label, max(arn) AS arn, max(kind) AS kind, max(name) AS name,
         max(account) AS account, max(region) AS region, max(type) AS type, max(address) AS address,
         max(framework) AS framework, coalesce(max(code_key), resource) AS code_key, max(stack) AS stack, max(logical_id) AS logical_id, max(yor_trace) AS yor_trace
  FROM told GROUP BY resource, live
);
CREATE TEMP VIEW cloud AS SELECT * FROM resource WHERE live;
CREATE TEMP VIEW code AS SELECT * FROM resource WHERE NOT live;

-- Terraform's state: the address is that of one resource in the code, and of one in the state.
CREATE TEMP TABLE stated AS
SELECT c.id, any_value(f.arn) AS arn
FROM code c JOIN fact f ON f.address = c.address
WHERE f.via = 'state' AND c.framework LIKE 'terraform%' AND c.arn IS NULL
  AND c.address NOT IN (SELECT address FROM code WHERE framework LIKE 'terraform%' AND address IS NOT NULL
                        GROUP BY address, framework HAVING count(*) > 1)
GROUP BY c.id HAVING count(DISTINCT f.arn) = 1;
UPDATE resource SET arn = stated.arn FROM stated WHERE resource.id = stated.id;

-- What may be joined, by every key; a lower rank is a better key: 1 the ARN, 2 the ARN that Terraform's state says,
-- 3 the logical ID in a stack, 4 type and name, 5 Yor's tag. sure: it cannot be another.
CREATE TEMP TABLE candidate AS
SELECT c.id AS code, l.id AS cloud, true AS sure, CASE WHEN s.id IS NULL THEN 1 ELSE 2 END AS rank
FROM code c JOIN cloud l ON c.arn = l.arn LEFT JOIN stated s ON s.id = c.id
UNION ALL
SELECT c.id, l.id, false, 3
FROM code c JOIN cloud l ON c.address = l.logical_id AND c.kind = l.kind
WHERE c.framework IN ('cloudformation', 'sam', 'serverless') AND c.arn IS NULL
UNION ALL
SELECT c.id, l.id, false, 3
FROM code c JOIN fact f ON f.logical_id = c.address AND f.kind = c.kind
JOIN cloud l ON l.kind = f.kind AND l.name = f.name
            AND coalesce(l.account = f.account, true) AND coalesce(l.region = f.region, true)
WHERE f.via = 'stack' AND c.framework IN ('cloudformation', 'sam', 'serverless') AND c.arn IS NULL
UNION ALL
SELECT c.id, l.id,
       c.kind = 's3' OR coalesce(c.account = l.account AND (c.region = l.region OR starts_with(c.kind, 'iam:')), false),
       4
FROM code c JOIN cloud l ON c.kind = l.kind AND c.name = l.name
WHERE coalesce(c.account = l.account, true) AND coalesce(c.region = l.region, true) AND c.arn IS NULL
UNION ALL
SELECT c.id, l.id, true, 5
FROM code c JOIN cloud l ON c.yor_trace = l.yor_trace
WHERE c.arn IS NULL
  AND c.yor_trace NOT IN (SELECT yor_trace FROM code WHERE yor_trace IS NOT NULL
                          GROUP BY yor_trace, framework HAVING count(*) > 1);

-- A key joins where it fits exactly one resource of the account; Yor's tag is the same on all that a block made.
CREATE TEMP TABLE fitting AS
SELECT code, rank, bool_and(sure) AS sure, list_sort(list(DISTINCT cloud)) AS cloud
FROM candidate GROUP BY code, rank;

CREATE TABLE link AS
SELECT code, unnest(best.cloud) AS cloud, best.sure AS sure, best.rank AS rank
FROM (SELECT code, min_by({cloud: cloud, sure: sure, rank: rank}, rank) AS best
      FROM fitting WHERE len(cloud) = 1 OR rank IN (1, 2, 5) GROUP BY code);

-- What a key does not tell apart: the code may be any of these, and it is not said of any that it is in no code.
CREATE TEMP TABLE maybe AS
SELECT code, count(*) AS fits, list_sort(list(resource))[1:5] AS names, list(r.id) AS cloud
FROM (
  SELECT code, unnest(cloud) AS cloud FROM fitting
  WHERE len(cloud) > 1 AND code NOT IN (SELECT code FROM link)
  QUALIFY row_number() OVER (PARTITION BY code ORDER BY rank) = 1
) m
JOIN resource r ON r.id = m.cloud GROUP BY code;

-- The things that rows are of: resources of the account; of the code those that are not joined to one, by their ARN
-- where they have one. The order is that of rows which are otherwise alike.
CREATE TEMP TABLE stands_for AS
SELECT code AS id, cloud AS thing, 10 * (NOT sure)::TINYINT + rank AS join_rank FROM link
UNION ALL
SELECT id, CASE WHEN arn IS NULL THEN id ELSE min(id) OVER (PARTITION BY arn) END, NULL
FROM resource WHERE live OR id NOT IN (SELECT code FROM link);

CREATE TABLE thing AS
SELECT r.id, CASE WHEN live THEN resource ELSE coalesce(arn, resource) END AS identity, label, arn, account, region, type,
       live, r.id IN (SELECT cloud FROM link UNION SELECT unnest(cloud) FROM maybe) AS in_code,
       m.fits, m.names AS maybe,
       row_number() OVER (ORDER BY label, identity) AS place
FROM resource r LEFT JOIN maybe m ON m.code = r.id WHERE r.id IN (SELECT thing FROM stands_for);

CREATE TYPE rule_name AS ENUM (SELECT DISTINCT rule FROM told ORDER BY rule);
CREATE TEMP TABLE placed AS
SELECT t.rule::rule_name AS rule, s.thing, t.live, t."check", t.status_rank::TINYINT AS status_rank,
       t.severity_rank::TINYINT AS severity_rank, t.shard, t."at", t.size, t.muted_by, t.file, t.first,
       r.id AS resource, t.title, s.join_rank::TINYINT AS join_rank
FROM told t
JOIN resource r ON r.resource = t.resource AND r.live = t.live
JOIN stands_for s ON s.id = r.id;

-- Whether a PASS of one side says anything of a FAIL of the other: the checks of a control may see different things.
CREATE TEMP TABLE comparable AS
SELECT c.rule, c.thing,
       bool_or(c."check" = l."check" OR r.relation IN ('equal', 'superset')) FILTER (l.status_rank = 1) AS by_code,
       bool_or(c."check" = l."check" OR r.relation IN ('equal', 'subset')) FILTER (c.status_rank = 1) AS by_cloud
FROM placed c
JOIN placed l ON c.rule = l.rule AND c.thing = l.thing AND NOT c.live AND l.live
LEFT JOIN relation r ON r.checkov = c."check" AND r.prowler = l."check"
WHERE (c.status_rank = 1) <> (l.status_rank = 1)
GROUP BY c.rule, c.thing;

CREATE TEMP TABLE grouped AS
SELECT rule, thing, min(status_rank) AS status_rank, min(severity_rank) AS severity_rank,
       min(status_rank) FILTER (NOT live) AS code_rank, min(status_rank) FILTER (live) AS live_rank,
       max(join_rank) AS join_rank, max(title) AS title
FROM placed GROUP BY rule, thing;

-- Rows, the worst first, and what each is made of. They are read by ranges of n.
SET preserve_insertion_order = true;
CREATE TABLE row AS
SELECT row_number() OVER (ORDER BY status_rank, severity_rank, g.rule, t.place) - 1 AS n,
       g.rule, g.thing, g.title, status_rank, severity_rank, code_rank, live_rank, join_rank,
       CASE WHEN NOT (SELECT bool_or(live) AND bool_or(NOT live) FROM resource) THEN NULL
            WHEN code_rank = 1 AND live_rank = 1 THEN 'both'
            WHEN live_rank = 1 AND code_rank = 5 AND by_code THEN 'fixed_in_code'
            WHEN code_rank = 1 AND live_rank = 5 AND by_cloud THEN 'next_deployment'
            WHEN live_rank = 1 AND code_rank IS NULL AND NOT t.in_code THEN 'live_only'
            WHEN code_rank = 1 AND live_rank IS NULL AND NOT t.live AND t.fits IS NULL THEN 'code_only'
            WHEN live_rank = 1 THEN 'live'
            WHEN code_rank = 1 THEN 'code' END AS found,
       NULL::VARCHAR AS change
FROM grouped g
JOIN thing t ON t.id = g.thing
LEFT JOIN comparable p ON p.rule = g.rule AND p.thing = g.thing
ORDER BY n;

CREATE TABLE member AS
SELECT r.n, NOT p.live AS code, p.shard, p."at", p.size, p.muted_by, p.resource,
       row_number() OVER (PARTITION BY r.n ORDER BY p.status_rank, p.file, p.first, p.shard, p."at") AS place
FROM placed p JOIN row r ON r.rule = p.rule AND r.thing = p.thing
ORDER BY r.n, place;
