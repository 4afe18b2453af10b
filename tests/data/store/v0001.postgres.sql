CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.change_set (
    deployment_id bigint NOT NULL,
    changes text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.delivery (
    id bigint NOT NULL,
    forge text DEFAULT ''::text NOT NULL,
    repository text DEFAULT ''::text NOT NULL,
    sha text DEFAULT ''::text NOT NULL,
    event text DEFAULT ''::text NOT NULL,
    verdict text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    details text DEFAULT ''::text NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    delivery text,
    received_at double precision DEFAULT 0 NOT NULL,
    routed_at double precision,
    deployments text DEFAULT '[]'::text NOT NULL,
    duplicates bigint DEFAULT 0 NOT NULL,
    attempts bigint DEFAULT 0 NOT NULL
);
CREATE SEQUENCE public.delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.delivery_id_seq OWNED BY public.delivery.id;
CREATE TABLE public.deployment (
    id bigint NOT NULL,
    lane_id bigint NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    ref text DEFAULT ''::text NOT NULL,
    sha text DEFAULT ''::text NOT NULL,
    author text DEFAULT ''::text NOT NULL,
    cause text DEFAULT ''::text NOT NULL,
    state text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    details text DEFAULT ''::text NOT NULL,
    successor_sha text DEFAULT ''::text NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    attempts bigint DEFAULT 0 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    hints bigint DEFAULT 0 NOT NULL,
    created bigint DEFAULT 0 NOT NULL,
    configured bigint DEFAULT 0 NOT NULL,
    unchanged bigint DEFAULT 0 NOT NULL,
    deleted bigint DEFAULT 0 NOT NULL,
    created_at double precision DEFAULT 0 NOT NULL,
    not_before double precision DEFAULT 0 NOT NULL,
    hint_at double precision DEFAULT 0 NOT NULL,
    started_at double precision,
    finished_at double precision,
    delivery_id bigint,
    successor bigint,
    successor_contains boolean DEFAULT false NOT NULL,
    settled boolean DEFAULT false NOT NULL
);
CREATE SEQUENCE public.deployment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.deployment_id_seq OWNED BY public.deployment.id;
CREATE TABLE public.forge_hold (
    forge text NOT NULL,
    held_until double precision DEFAULT 0 NOT NULL
);
CREATE TABLE public.lane (
    id bigint NOT NULL,
    repository text DEFAULT ''::text NOT NULL,
    environment text DEFAULT ''::text NOT NULL,
    lease_owner text DEFAULT ''::text NOT NULL,
    deployed_sha text DEFAULT ''::text NOT NULL,
    number bigint DEFAULT 0 NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    deployed_seq bigint DEFAULT 0 NOT NULL,
    running bigint,
    lease_until double precision DEFAULT 0 NOT NULL,
    took_over boolean DEFAULT false NOT NULL
);
CREATE SEQUENCE public.lane_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.lane_id_seq OWNED BY public.lane.id;
CREATE TABLE public.outbox (
    id bigint NOT NULL,
    stream text DEFAULT ''::text NOT NULL,
    forge text DEFAULT ''::text NOT NULL,
    repository text DEFAULT ''::text NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    sha text DEFAULT ''::text NOT NULL,
    context text DEFAULT ''::text NOT NULL,
    state text DEFAULT ''::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    path text DEFAULT ''::text NOT NULL,
    ref text DEFAULT ''::text NOT NULL,
    body text DEFAULT ''::text NOT NULL,
    marker text DEFAULT ''::text NOT NULL,
    lease_owner text DEFAULT ''::text NOT NULL,
    outcome text DEFAULT ''::text NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    number bigint DEFAULT 0 NOT NULL,
    attempts bigint DEFAULT 0 NOT NULL,
    created_at double precision DEFAULT 0 NOT NULL,
    not_before double precision DEFAULT 0 NOT NULL,
    lease_until double precision DEFAULT 0 NOT NULL,
    sent_at double precision
);
CREATE SEQUENCE public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.outbox_id_seq OWNED BY public.outbox.id;
CREATE TABLE public.process (
    name text NOT NULL,
    pid bigint NOT NULL,
    beat_at double precision DEFAULT 0 NOT NULL,
    note text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.progress (
    id bigint NOT NULL,
    deployment_id bigint NOT NULL,
    at double precision DEFAULT 0 NOT NULL,
    phase text DEFAULT ''::text NOT NULL,
    text text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE public.progress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.progress_id_seq OWNED BY public.progress.id;
CREATE TABLE public.repository (
    name text NOT NULL,
    lease_owner text DEFAULT ''::text NOT NULL,
    lease_until double precision DEFAULT 0 NOT NULL,
    not_before double precision DEFAULT 0 NOT NULL,
    hint_at double precision DEFAULT 0 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    hints bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.delivery ALTER COLUMN id SET DEFAULT nextval('public.delivery_id_seq'::regclass);
ALTER TABLE ONLY public.deployment ALTER COLUMN id SET DEFAULT nextval('public.deployment_id_seq'::regclass);
ALTER TABLE ONLY public.lane ALTER COLUMN id SET DEFAULT nextval('public.lane_id_seq'::regclass);
ALTER TABLE ONLY public.outbox ALTER COLUMN id SET DEFAULT nextval('public.outbox_id_seq'::regclass);
ALTER TABLE ONLY public.progress ALTER COLUMN id SET DEFAULT nextval('public.progress_id_seq'::regclass);
INSERT INTO public.alembic_version (version_num) VALUES ('0001');
INSERT INTO public.change_set (deployment_id, changes) VALUES (1, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]');
INSERT INTO public.change_set (deployment_id, changes) VALUES (2, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]');
INSERT INTO public.change_set (deployment_id, changes) VALUES (3, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]');
INSERT INTO public.change_set (deployment_id, changes) VALUES (4, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]');
INSERT INTO public.change_set (deployment_id, changes) VALUES (17, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}]');
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (1, 'github', 'github/acme/shop', 'e0', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "e0", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-1', 1790000000, 1790000000.375, '[1]', 1, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (2, 'github', 'github/acme/shop', 'e1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "e1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-2', 1790000001.25, 1790000001.625, '[2]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (3, 'github', 'github/acme/shop', 'e2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "e2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-3', 1790000002.5, 1790000002.875, '[3]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (4, 'github', 'github/acme/shop', 'e3', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "e3", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-4', 1790000003.75, 1790000004.125, '[4]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (5, 'github', 'github/acme/shop', 'a1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "a1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-5', 1790000005, 1790000005.375, '[5]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (6, 'github', 'github/acme/shop', 'a2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "a2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-6', 1790000005.75, 1790000006.125, '[6]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (7, 'github', 'github/acme/shop', 'a3', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "a3", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-7', 1790000006.5, 1790000006.875, '[7]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (8, 'github', 'github/acme/shop', 'b1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "b1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-8', 1790000007.625, 1790000008, '[8]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (9, 'github', 'github/acme/shop', 'b2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "b2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-9', 1790000008.375, 1790000008.75, '[9]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (10, 'github', 'github/acme/shop', 'b0', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "b0", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-10', 1790000009.125, 1790000009.5, '[10]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (11, 'github', 'github/acme/shop', 'c1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "c1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-11', 1790000009.875, 1790000010.25, '[11]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (12, 'github', 'github/acme/shop', 'c2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "c2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-12', 1790000010.75, 1790000011.125, '[12]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (13, 'github', 'github/acme/shop', 'd1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "d1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-13', 1790000011.5, 1790000011.875, '[13]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (14, 'github', 'github/acme/shop', 'd2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "d2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-14', 1790000012.5, 1790000012.875, '[14]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (15, 'github', 'github/acme/shop', 'd3', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "d3", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-15', 1790000013.625, 1790000014, '[15]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (16, 'github', 'github/acme/shop', 'd4', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "d4", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-16', 1790000014.5, 1790000014.875, '[16]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (17, 'github', 'github/acme/shop', 'f1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "f1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-17', 1790000015.375, 1790000015.75, '[17, 18]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (18, 'github', 'github/acme/shop', 'f2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "f2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-18', 1790000016.75, 1790000017.125, '[19]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (19, 'github', 'github/acme/shop', 'a', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "a", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'deploys', '', '', 'delivery-19', 1790000018.375, 1790000018.75, '[]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (20, 'github', 'github/acme/shop', 'h', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "h", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'ignored', 'we do not follow it', '', '', 'ping', 1790000019.125, 1790000019.125, '[]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (21, 'github', '', '', '', 'rejected', 'the signature is wrong', '', '10.0.0.1', NULL, 1790000019.25, 1790000019.25, '[]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (22, 'github', 'github/acme/shop', 'i1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "i1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'nothing deployed: 2 mistakes', '.pushboat.yaml:1:1: one
:2:1: two', '', 'delivery-20', 1790000019.375, 1790000019.625, '[]', 0, 0);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (23, 'github', 'github/acme/shop', 'e0', '{"kind": "push", "action": "updated", "repository": "acme/shop", "ref": "refs/heads/main", "base_ref": "", "sha": "e0", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'waiting: github does not answer', '', '', 'delivery-1#replay-1', 1790000020, NULL, '[]', 0, 1);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts) VALUES (24, 'gitlab', 'gitlab/acme/other', 'j1', '{"kind": "push", "action": "updated", "repository": "acme/other", "ref": "refs/heads/main", "base_ref": "", "sha": "j1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": ""}', 'accepted', 'accepted; waiting for its turn', '', '', 'other', 1790000020.25, NULL, '[]', 0, 0);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (1, 1, 'deploy', 'refs/tags/v1', 'e0', 'ann', 'push', 'succeeded', 'it succeeded', '```
log
```', '', 1, 1, 1, 0, 1, 0, 7, 1, 1790000000.375, 0, 0, 1790000000.75, 1790000001.125, 1, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (2, 2, 'deploy', 'refs/tags/v1', 'e1', 'ann', 'push', 'failed', 'it failed', '```
log
```', '', 1, 1, 1, 0, 1, 0, 7, 1, 1790000001.625, 0, 0, 1790000002, 1790000002.375, 2, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (3, 3, 'deploy', 'refs/tags/v1', 'e2', 'ann', 'push', 'errored', 'it errored', '```
log
```', '', 1, 1, 1, 0, 1, 0, 7, 1, 1790000002.875, 0, 0, 1790000003.25, 1790000003.625, 3, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (4, 4, 'deploy', 'refs/tags/v1', 'e3', 'ann', 'push', 'cancelled', 'it cancelled', '```
log
```', '', 1, 1, 1, 0, 1, 0, 7, 1, 1790000004.125, 0, 0, 1790000004.5, 1790000004.875, 4, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (5, 5, 'deploy', 'refs/heads/main', 'a1', 'ann', 'push', 'superseded', 'replaced by a3', '', 'a3', 1, 0, 0, 0, 0, 0, 0, 0, 1790000005.375, 0, 0, NULL, 1790000006.875, 5, 7, false, true);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (6, 5, 'deploy', 'refs/heads/main', 'a2', 'ann', 'push', 'superseded', 'replaced by a3', '', 'a3', 2, 0, 0, 0, 0, 0, 0, 0, 1790000006.125, 0, 0, NULL, 1790000006.875, 6, 7, false, true);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (7, 5, 'deploy', 'refs/heads/main', 'a3', 'ann', 'push', 'succeeded', 'healthy', '', '', 3, 1, 1, 0, 0, 0, 0, 0, 1790000006.875, 0, 0, 1790000007.25, 1790000007.375, 7, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (8, 8, 'deploy', 'refs/heads/main', 'b1', 'ann', 'push', 'superseded', 'superseded by b2, follows it', '', 'b2', 1, 0, 0, 0, 0, 0, 0, 0, 1790000008, 0, 0, NULL, 1790000008.75, 8, 9, true, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (9, 8, 'deploy', 'refs/heads/main', 'b2', 'ann', 'push', 'queued', '', '', '', 2, 0, 0, 0, 0, 0, 0, 0, 1790000008.75, 0, 0, NULL, NULL, 9, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (10, 8, 'deploy', 'refs/heads/main', 'b0', 'ann', 'push', 'superseded', 'superseded by b2, follows it', '', 'b2', 3, 0, 0, 0, 0, 0, 0, 0, 1790000009.5, 0, 0, NULL, 1790000009.5, 10, 9, true, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (11, 11, 'deploy', 'refs/heads/main', 'c1', 'ann', 'push', 'running', '', '', 'c2', 1, 1, 1, 0, 0, 0, 0, 0, 1790000010.25, 0, 0, 1790000010.625, NULL, 11, 12, true, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (12, 11, 'deploy', 'refs/heads/main', 'c2', 'ann', 'push', 'queued', '', '', '', 2, 0, 0, 0, 0, 0, 0, 0, 1790000011.125, 0, 0, NULL, NULL, 12, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (13, 13, 'deploy', 'refs/heads/main', 'd1', 'ann', 'push', 'queued', 'the cluster does not answer', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000011.875, 1790000252.375, 0, 1790000012.25, NULL, 13, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (14, 14, 'deploy', 'refs/heads/main', 'd2', 'ann', 'push', 'queued', 'its worker is gone; another one goes on', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000012.875, 0, 0, 1790000013.25, NULL, 14, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (15, 15, 'deploy', 'refs/heads/main', 'd3', 'ann', 'push', 'running', '', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000014, 0, 0, 1790000014.375, NULL, 15, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (16, 16, 'deploy', 'refs/heads/main', 'd4', 'ann', 'push', 'queued', '', '', '', 1, 0, 0, 1, 0, 0, 0, 0, 1790000014.875, 0, 1790000015.25, NULL, NULL, 16, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (17, 17, 'plan', 'topic', 'f1', 'ann', 'pull_request', 'succeeded', '1 to create', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000015.75, 0, 0, 1790000016.25, 1790000016.375, 17, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (18, 18, 'plan', 'topic', 'f1', 'ann', 'pull_request', 'failed', 'app.yaml:3: unknown field', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000015.75, 0, 0, 1790000016.5, 1790000016.625, 17, NULL, false, false);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled) VALUES (19, 19, 'plan', 'topic', 'f2', 'ann', 'pull_request', 'queued', '', '', '', 1, 0, 0, 0, 0, 0, 0, 0, 1790000017.125, 0, 0, NULL, NULL, 18, NULL, false, false);
INSERT INTO public.forge_hold (forge, held_until) VALUES ('gitlab', 1790000259);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (1, 'github/acme/shop', 'ended-succeeded', '', 'e0', 0, 1, 1, 1, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (2, 'github/acme/shop', 'ended-failed', '', '', 0, 1, 1, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (3, 'github/acme/shop', 'ended-errored', '', '', 0, 1, 1, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (4, 'github/acme/shop', 'ended-cancelled', '', '', 0, 1, 1, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (5, 'github/acme/shop', 'staging', '', 'a3', 0, 3, 1, 3, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (8, 'github/acme/shop', 'followed', '', '', 0, 3, 0, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (11, 'github/acme/shop', 'running', 'worker', '', 0, 2, 1, 0, 11, 1790000250.625, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (13, 'github/acme/shop', 'again', '', '', 0, 1, 1, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (14, 'github/acme/shop', 'orphaned', '', '', 0, 1, 2, 0, NULL, 0, true);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (15, 'github/acme/shop', 'dead', 'worker', '', 0, 1, 1, 0, 15, 1790000014.375, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (16, 'github/acme/shop', 'hinted', '', '', 0, 1, 0, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (17, 'github/acme/shop', 'staging', '', 'f1', 7, 1, 1, 1, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (18, 'github/acme/shop', 'production', '', '', 7, 1, 1, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (19, 'github/acme/shop', 'staging', '', '', 8, 1, 0, 0, NULL, 0, false);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (1, 'status github/acme/shop e0 pushboat/ended-succeeded', 'github', 'acme/shop', 'status', 'e0', 'pushboat/ended-succeeded', 'queued', 'waiting for its turn', '/deployments/1', 'refs/tags/v1', '', '', '', 'sent', '', 0, 1, 1790000000.375, 0, 0, 1790000017.75);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (2, 'status github/acme/shop e0 pushboat/ended-succeeded', 'github', 'acme/shop', 'status', 'e0', 'pushboat/ended-succeeded', 'running', 'deploying', '/deployments/1', 'refs/tags/v1', '', '', '', 'collapsed', '', 0, 0, 1790000000.75, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (3, 'status github/acme/shop e0 pushboat/ended-succeeded', 'github', 'acme/shop', 'status', 'e0', 'pushboat/ended-succeeded', 'succeeded', 'it succeeded', '/deployments/1', 'refs/tags/v1', '', '', 'reporter', '', '', 0, 1, 1790000001.125, 0, 1790000048.25, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (4, 'status github/acme/shop e1 pushboat/ended-failed', 'github', 'acme/shop', 'status', 'e1', 'pushboat/ended-failed', 'queued', 'waiting for its turn', '/deployments/2', 'refs/tags/v1', '', '', '', 'dead', '422: no commit found', 0, 1, 1790000001.625, 0, 0, 1790000017.875);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (5, 'status github/acme/shop e1 pushboat/ended-failed', 'github', 'acme/shop', 'status', 'e1', 'pushboat/ended-failed', 'running', 'deploying', '/deployments/2', 'refs/tags/v1', '', '', '', 'collapsed', '', 0, 0, 1790000002, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (6, 'status github/acme/shop e1 pushboat/ended-failed', 'github', 'acme/shop', 'status', 'e1', 'pushboat/ended-failed', 'failed', 'it failed', '/deployments/2', 'refs/tags/v1', '', '', '', '', '', 0, 0, 1790000002.375, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (7, 'status github/acme/shop e2 pushboat/ended-errored', 'github', 'acme/shop', 'status', 'e2', 'pushboat/ended-errored', 'queued', 'waiting for its turn', '/deployments/3', 'refs/tags/v1', '', '', '', 'collapsed', '502', 0, 1, 1790000002.875, 1790000078, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (8, 'status github/acme/shop e2 pushboat/ended-errored', 'github', 'acme/shop', 'status', 'e2', 'pushboat/ended-errored', 'running', 'deploying', '/deployments/3', 'refs/tags/v1', '', '', '', 'collapsed', '', 0, 0, 1790000003.25, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (9, 'status github/acme/shop e2 pushboat/ended-errored', 'github', 'acme/shop', 'status', 'e2', 'pushboat/ended-errored', 'errored', 'it errored', '/deployments/3', 'refs/tags/v1', '', '', '', '', '', 0, 0, 1790000003.625, 1790000078, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (10, 'status github/acme/shop e3 pushboat/ended-cancelled', 'github', 'acme/shop', 'status', 'e3', 'pushboat/ended-cancelled', 'queued', 'waiting for its turn', '/deployments/4', 'refs/tags/v1', '', '', 'reporter', '', '', 0, 1, 1790000004.125, 0, 1790000257.625, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (11, 'status github/acme/shop e3 pushboat/ended-cancelled', 'github', 'acme/shop', 'status', 'e3', 'pushboat/ended-cancelled', 'running', 'deploying', '/deployments/4', 'refs/tags/v1', '', '', '', 'collapsed', '', 0, 0, 1790000004.5, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (12, 'status github/acme/shop e3 pushboat/ended-cancelled', 'github', 'acme/shop', 'status', 'e3', 'pushboat/ended-cancelled', 'cancelled', 'it cancelled', '/deployments/4', 'refs/tags/v1', '', '', '', '', '', 0, 0, 1790000004.875, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (13, 'status github/acme/shop a1 pushboat/staging', 'github', 'acme/shop', 'status', 'a1', 'pushboat/staging', 'queued', 'waiting for its turn', '/deployments/5', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000005.375, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (14, 'status github/acme/shop a2 pushboat/staging', 'github', 'acme/shop', 'status', 'a2', 'pushboat/staging', 'queued', 'waiting for its turn', '/deployments/6', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000006.125, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (15, 'status github/acme/shop a1 pushboat/staging', 'github', 'acme/shop', 'status', 'a1', 'pushboat/staging', 'running', 'superseded by a2, follows it', '/deployments/5', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000006.125, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (16, 'status github/acme/shop a3 pushboat/staging', 'github', 'acme/shop', 'status', 'a3', 'pushboat/staging', 'queued', 'waiting for its turn', '/deployments/7', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000006.875, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (17, 'status github/acme/shop a2 pushboat/staging', 'github', 'acme/shop', 'status', 'a2', 'pushboat/staging', 'cancelled', 'replaced by a3', '/deployments/6', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000006.875, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (18, 'status github/acme/shop a1 pushboat/staging', 'github', 'acme/shop', 'status', 'a1', 'pushboat/staging', 'cancelled', 'replaced by a3', '/deployments/5', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000006.875, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (19, 'status github/acme/shop a3 pushboat/staging', 'github', 'acme/shop', 'status', 'a3', 'pushboat/staging', 'running', 'deploying', '/deployments/7', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000007.25, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (20, 'status github/acme/shop a3 pushboat/staging', 'github', 'acme/shop', 'status', 'a3', 'pushboat/staging', 'succeeded', 'healthy', '/deployments/7', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000007.375, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (21, 'status github/acme/shop b1 pushboat/followed', 'github', 'acme/shop', 'status', 'b1', 'pushboat/followed', 'queued', 'waiting for its turn', '/deployments/8', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000008, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (22, 'status github/acme/shop b2 pushboat/followed', 'github', 'acme/shop', 'status', 'b2', 'pushboat/followed', 'queued', 'waiting for its turn', '/deployments/9', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000008.75, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (23, 'status github/acme/shop b1 pushboat/followed', 'github', 'acme/shop', 'status', 'b1', 'pushboat/followed', 'running', 'superseded by b2, follows it', '/deployments/8', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000008.75, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (24, 'status github/acme/shop b0 pushboat/followed', 'github', 'acme/shop', 'status', 'b0', 'pushboat/followed', 'running', 'superseded by b2, follows it', '/deployments/10', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000009.5, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (25, 'status github/acme/shop c1 pushboat/running', 'github', 'acme/shop', 'status', 'c1', 'pushboat/running', 'queued', 'waiting for its turn', '/deployments/11', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000010.25, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (26, 'status github/acme/shop c1 pushboat/running', 'github', 'acme/shop', 'status', 'c1', 'pushboat/running', 'running', 'deploying', '/deployments/11', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000010.625, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (27, 'status github/acme/shop c2 pushboat/running', 'github', 'acme/shop', 'status', 'c2', 'pushboat/running', 'queued', 'waiting for its turn', '/deployments/12', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000011.125, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (28, 'status github/acme/shop d1 pushboat/again', 'github', 'acme/shop', 'status', 'd1', 'pushboat/again', 'queued', 'waiting for its turn', '/deployments/13', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000011.875, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (29, 'status github/acme/shop d1 pushboat/again', 'github', 'acme/shop', 'status', 'd1', 'pushboat/again', 'running', 'deploying', '/deployments/13', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000012.25, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (30, 'status github/acme/shop d1 pushboat/again', 'github', 'acme/shop', 'status', 'd1', 'pushboat/again', 'running', 'the cluster does not answer', '/deployments/13', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000012.375, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (31, 'status github/acme/shop d2 pushboat/orphaned', 'github', 'acme/shop', 'status', 'd2', 'pushboat/orphaned', 'queued', 'waiting for its turn', '/deployments/14', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000012.875, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (32, 'status github/acme/shop d2 pushboat/orphaned', 'github', 'acme/shop', 'status', 'd2', 'pushboat/orphaned', 'running', 'deploying', '/deployments/14', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000013.25, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (33, 'status github/acme/shop d2 pushboat/orphaned', 'github', 'acme/shop', 'status', 'd2', 'pushboat/orphaned', 'running', 'its worker is gone; another one goes on', '/deployments/14', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000013.5, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (34, 'status github/acme/shop d3 pushboat/dead', 'github', 'acme/shop', 'status', 'd3', 'pushboat/dead', 'queued', 'waiting for its turn', '/deployments/15', 'refs/heads/main', '', '', '', 'collapsed', '', 0, 0, 1790000014, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (35, 'status github/acme/shop d3 pushboat/dead', 'github', 'acme/shop', 'status', 'd3', 'pushboat/dead', 'running', 'deploying', '/deployments/15', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000014.375, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (36, 'status github/acme/shop d4 pushboat/hinted', 'github', 'acme/shop', 'status', 'd4', 'pushboat/hinted', 'queued', 'waiting for its turn', '/deployments/16', 'refs/heads/main', '', '', '', '', '', 0, 0, 1790000014.875, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (37, 'status github/acme/shop f1 pushboat/plan/staging', 'github', 'acme/shop', 'status', 'f1', 'pushboat/plan/staging', 'queued', 'waiting for its turn', '/plans/17', 'topic', '', '', '', 'collapsed', '', 0, 0, 1790000015.75, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (38, 'status github/acme/shop f1 pushboat/plan/production', 'github', 'acme/shop', 'status', 'f1', 'pushboat/plan/production', 'queued', 'waiting for its turn', '/plans/18', 'topic', '', '', '', 'collapsed', '', 0, 0, 1790000015.75, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (39, 'status github/acme/shop f1 pushboat/plan/staging', 'github', 'acme/shop', 'status', 'f1', 'pushboat/plan/staging', 'running', 'deploying', '/plans/17', 'topic', '', '', '', 'collapsed', '', 0, 0, 1790000016.25, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (40, 'status github/acme/shop f1 pushboat/plan/staging', 'github', 'acme/shop', 'status', 'f1', 'pushboat/plan/staging', 'succeeded', '1 to create', '/plans/17', 'topic', '', '', '', '', '', 0, 0, 1790000016.375, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (41, 'status github/acme/shop f1 pushboat/plan/production', 'github', 'acme/shop', 'status', 'f1', 'pushboat/plan/production', 'running', 'deploying', '/plans/18', 'topic', '', '', '', 'collapsed', '', 0, 0, 1790000016.5, 0, 0, 1790000018.25);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (42, 'status github/acme/shop f1 pushboat/plan/production', 'github', 'acme/shop', 'status', 'f1', 'pushboat/plan/production', 'failed', 'app.yaml:3: unknown field', '/plans/18', 'topic', '', '', '', '', '', 0, 0, 1790000016.625, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (43, 'status github/acme/shop f1 pushboat/plan', 'github', 'acme/shop', 'status', 'f1', 'pushboat/plan', 'failed', 'production: app.yaml:3: unknown field', '/plans/18', 'topic', '', '', '', '', '', 0, 0, 1790000016.625, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (44, 'status github/acme/shop f2 pushboat/plan/staging', 'github', 'acme/shop', 'status', 'f2', 'pushboat/plan/staging', 'queued', 'waiting for its turn', '/plans/19', 'topic', '', '', '', '', '', 0, 0, 1790000017.125, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (45, 'comment github/acme/shop 7', 'github', 'acme/shop', 'comment', '', '', '', '', '', '', 'deploys `staging`', 'pushboat:45', '', '', '', 7, 0, 1790000018.75, 0, 0, NULL);
INSERT INTO public.outbox (id, stream, forge, repository, kind, sha, context, state, description, path, ref, body, marker, lease_owner, outcome, error, number, attempts, created_at, not_before, lease_until, sent_at) VALUES (46, 'status github/acme/shop g pushboat', 'github', 'acme/shop', 'status', 'g', 'pushboat', 'failed', 'bad', '/deliveries/19', '', '', '', '', '', '', 0, 0, 1790000018.75, 0, 0, NULL);
INSERT INTO public.process (name, pid, beat_at, note) VALUES ('worker', 101, 1790000020.5, '');
INSERT INTO public.process (name, pid, beat_at, note) VALUES ('dispatcher', 100, 1790000020.625, 'broker: ok');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (1, 1, 1790000000.875, 'checkout', 'checked out deploy/ at e');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (2, 1, 1790000001, 'apply', 'applying 2 objects');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (3, 2, 1790000002.125, 'checkout', 'checked out deploy/ at e');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (4, 2, 1790000002.25, 'apply', 'applying 2 objects');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (5, 3, 1790000003.375, 'checkout', 'checked out deploy/ at e');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (6, 3, 1790000003.5, 'apply', 'applying 2 objects');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (7, 4, 1790000004.625, 'checkout', 'checked out deploy/ at e');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (8, 4, 1790000004.75, 'apply', 'applying 2 objects');
INSERT INTO public.repository (name, lease_owner, lease_until, not_before, hint_at, fence, hints) VALUES ('gitlab/acme/other', '', 0, 0, 0, 0, 0);
INSERT INTO public.repository (name, lease_owner, lease_until, not_before, hint_at, fence, hints) VALUES ('github/acme/shop', 'router', 1790000259.625, 1790000260.125, 0, 20, 0);
SELECT pg_catalog.setval('public.delivery_id_seq', 25, true);
SELECT pg_catalog.setval('public.deployment_id_seq', 19, true);
SELECT pg_catalog.setval('public.lane_id_seq', 19, true);
SELECT pg_catalog.setval('public.outbox_id_seq', 46, true);
SELECT pg_catalog.setval('public.progress_id_seq', 8, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.change_set
    ADD CONSTRAINT change_set_pkey PRIMARY KEY (deployment_id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_once UNIQUE (forge, delivery);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.deployment
    ADD CONSTRAINT deployment_order UNIQUE (lane_id, seq);
ALTER TABLE ONLY public.deployment
    ADD CONSTRAINT deployment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.forge_hold
    ADD CONSTRAINT forge_hold_pkey PRIMARY KEY (forge);
ALTER TABLE ONLY public.lane
    ADD CONSTRAINT lane_once UNIQUE (repository, environment, number);
ALTER TABLE ONLY public.lane
    ADD CONSTRAINT lane_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.process
    ADD CONSTRAINT process_pkey PRIMARY KEY (name, pid);
ALTER TABLE ONLY public.progress
    ADD CONSTRAINT progress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.repository
    ADD CONSTRAINT repository_pkey PRIMARY KEY (name);
CREATE INDEX delivery_repository ON public.delivery USING btree (repository, id);
CREATE INDEX delivery_sha ON public.delivery USING btree (sha);
CREATE INDEX delivery_unrouted ON public.delivery USING btree (repository, id) WHERE (routed_at IS NULL);
CREATE INDEX delivery_verdict ON public.delivery USING btree (verdict, id);
CREATE INDEX deployment_hints ON public.deployment USING btree (hint_at) WHERE (state = 'queued'::text);
CREATE INDEX deployment_sha ON public.deployment USING btree (sha);
CREATE INDEX deployment_successor ON public.deployment USING btree (successor);
CREATE INDEX deployment_unfinished ON public.deployment USING btree (lane_id, seq) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX lane_running ON public.lane USING btree (running) WHERE (running IS NOT NULL);
CREATE INDEX outbox_next ON public.outbox USING btree (id) WHERE (sent_at IS NULL);
CREATE INDEX outbox_unsent ON public.outbox USING btree (stream, id) WHERE (sent_at IS NULL);
CREATE INDEX progress_deployment ON public.progress USING btree (deployment_id, id);
ALTER TABLE ONLY public.change_set
    ADD CONSTRAINT change_set_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES public.deployment(id);
ALTER TABLE ONLY public.deployment
    ADD CONSTRAINT deployment_lane_id_fkey FOREIGN KEY (lane_id) REFERENCES public.lane(id);
ALTER TABLE ONLY public.progress
    ADD CONSTRAINT progress_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES public.deployment(id);
