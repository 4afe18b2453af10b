CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.ask (
    id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    word text DEFAULT ''::text NOT NULL,
    environment text DEFAULT ''::text NOT NULL,
    arguments text DEFAULT ''::text NOT NULL,
    who text DEFAULT ''::text NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    repository text DEFAULT ''::text NOT NULL,
    number bigint DEFAULT 0 NOT NULL,
    sha text DEFAULT ''::text NOT NULL,
    refusal text DEFAULT ''::text NOT NULL,
    puzzled boolean DEFAULT false NOT NULL,
    at double precision DEFAULT 0 NOT NULL
);
CREATE SEQUENCE public.ask_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.ask_id_seq OWNED BY public.ask.id;
CREATE TABLE public.audit (
    id bigint NOT NULL,
    at double precision DEFAULT 0 NOT NULL,
    who text DEFAULT ''::text NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    repository text DEFAULT ''::text NOT NULL,
    environment text DEFAULT ''::text NOT NULL,
    word text DEFAULT ''::text NOT NULL,
    verdict text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    ask_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    deployment_id bigint
);
CREATE SEQUENCE public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_id_seq OWNED BY public.audit.id;
CREATE TABLE public.change_set (
    deployment_id bigint NOT NULL,
    changes text DEFAULT ''::text NOT NULL,
    meant text DEFAULT '[]'::text NOT NULL
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
    attempts bigint DEFAULT 0 NOT NULL,
    stream text DEFAULT ''::text NOT NULL,
    not_before double precision DEFAULT 0 NOT NULL,
    trouble_since double precision,
    doubt_since double precision
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
    settled boolean DEFAULT false NOT NULL,
    cancelled_by text DEFAULT ''::text NOT NULL,
    trouble_since double precision,
    trouble_step text DEFAULT ''::text NOT NULL,
    waiting_since double precision
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
CREATE TABLE public.head (
    repository text NOT NULL,
    ref text NOT NULL,
    sha text DEFAULT ''::text NOT NULL,
    before text DEFAULT ''::text NOT NULL,
    found text DEFAULT ''::text NOT NULL,
    found_at double precision DEFAULT 0 NOT NULL
);
CREATE TABLE public.hold (
    id bigint NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    repository text DEFAULT ''::text NOT NULL,
    environment text DEFAULT ''::text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    by_whom text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    deployment bigint DEFAULT 0 NOT NULL,
    since double precision DEFAULT 0 NOT NULL,
    ends_at double precision,
    plans boolean DEFAULT false NOT NULL
);
CREATE SEQUENCE public.hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.hold_id_seq OWNED BY public.hold.id;
CREATE TABLE public.identity (
    name text NOT NULL,
    forge text DEFAULT ''::text NOT NULL,
    id text DEFAULT ''::text NOT NULL,
    path text DEFAULT ''::text NOT NULL,
    rival text DEFAULT ''::text NOT NULL,
    seen_at double precision DEFAULT 0 NOT NULL
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
CREATE TABLE public.look (
    repository text NOT NULL,
    covered text DEFAULT ''::text NOT NULL,
    next_at double precision DEFAULT 0 NOT NULL,
    lease_owner text DEFAULT ''::text NOT NULL,
    lease_until double precision DEFAULT 0 NOT NULL,
    looked_at double precision DEFAULT 0 NOT NULL,
    trouble text DEFAULT ''::text NOT NULL,
    log_at double precision DEFAULT 0 NOT NULL,
    log_next_at double precision DEFAULT 0 NOT NULL,
    log_trouble text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.outbox (
    id bigint NOT NULL,
    stream text DEFAULT ''::text NOT NULL,
    forge text DEFAULT ''::text NOT NULL,
    repository text DEFAULT ''::text NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    lease_owner text DEFAULT ''::text NOT NULL,
    outcome text DEFAULT ''::text NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    attempts bigint DEFAULT 0 NOT NULL,
    created_at double precision DEFAULT 0 NOT NULL,
    not_before double precision DEFAULT 0 NOT NULL,
    lease_until double precision DEFAULT 0 NOT NULL,
    sent_at double precision,
    payload text DEFAULT '{}'::text NOT NULL
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
CREATE TABLE public.pull_request (
    repository text NOT NULL,
    number bigint NOT NULL,
    head text DEFAULT ''::text NOT NULL,
    before text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.repository (
    name text NOT NULL,
    lease_owner text DEFAULT ''::text NOT NULL,
    lease_until double precision DEFAULT 0 NOT NULL,
    not_before double precision DEFAULT 0 NOT NULL,
    hint_at double precision DEFAULT 0 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    hints bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.ask ALTER COLUMN id SET DEFAULT nextval('public.ask_id_seq'::regclass);
ALTER TABLE ONLY public.audit ALTER COLUMN id SET DEFAULT nextval('public.audit_id_seq'::regclass);
ALTER TABLE ONLY public.delivery ALTER COLUMN id SET DEFAULT nextval('public.delivery_id_seq'::regclass);
ALTER TABLE ONLY public.deployment ALTER COLUMN id SET DEFAULT nextval('public.deployment_id_seq'::regclass);
ALTER TABLE ONLY public.hold ALTER COLUMN id SET DEFAULT nextval('public.hold_id_seq'::regclass);
ALTER TABLE ONLY public.lane ALTER COLUMN id SET DEFAULT nextval('public.lane_id_seq'::regclass);
ALTER TABLE ONLY public.outbox ALTER COLUMN id SET DEFAULT nextval('public.outbox_id_seq'::regclass);
ALTER TABLE ONLY public.progress ALTER COLUMN id SET DEFAULT nextval('public.progress_id_seq'::regclass);
INSERT INTO public.alembic_version (version_num) VALUES ('0008');
INSERT INTO public.ask (id, delivery_id, word, environment, arguments, who, source, repository, number, sha, refusal, puzzled, at) VALUES (1, 27, 'deploy', 'asked', '{}', 'wendy', 'comment', 'github/acme/shop', 7, 'm1', '', false, 1790000025.25);
INSERT INTO public.ask (id, delivery_id, word, environment, arguments, who, source, repository, number, sha, refusal, puzzled, at) VALUES (2, 28, 'deploy', '', '{}', 'wendy', 'comment', 'github/acme/shop', 7, 'm1', 'not yet supported: /deploy plan', true, 1790000025.875);
INSERT INTO public.ask (id, delivery_id, word, environment, arguments, who, source, repository, number, sha, refusal, puzzled, at) VALUES (3, 29, 'pause', 'staging', '{"reason": "we migrate", "for": "2h"}', 'olga on the command line', 'command', 'gitlab/acme/asks', 0, '', '', false, 1790000026.5);
INSERT INTO public.audit (id, at, who, source, repository, environment, word, verdict, reason, ask_id, delivery_id, deployment_id) VALUES (1, 1790000025.625, 'wendy', 'comment', 'github/acme/shop', 'asked', 'deploy', 'done', 'deploying m1 to asked', 1, 27, 24);
INSERT INTO public.audit (id, at, who, source, repository, environment, word, verdict, reason, ask_id, delivery_id, deployment_id) VALUES (2, 1790000026.25, 'wendy', 'comment', 'github/acme/shop', '', 'deploy', 'refused', 'not yet supported: /deploy plan', 2, 28, NULL);
INSERT INTO public.change_set (deployment_id, changes, meant) VALUES (1, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]', '[]');
INSERT INTO public.change_set (deployment_id, changes, meant) VALUES (2, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]', '[]');
INSERT INTO public.change_set (deployment_id, changes, meant) VALUES (3, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]', '[]');
INSERT INTO public.change_set (deployment_id, changes, meant) VALUES (4, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]', '[]');
INSERT INTO public.change_set (deployment_id, changes, meant) VALUES (17, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}]', '[["apps", "Deployment", "shop", "web", "created"]]');
INSERT INTO public.change_set (deployment_id, changes, meant) VALUES (21, '[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}]', '[]');
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (1, 'github', 'github/acme/shop', 'e0', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e0", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-1', 1790000000, 1790000000.375, '[1]', 1, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (2, 'github', 'github/acme/shop', 'e1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-2', 1790000001.25, 1790000001.625, '[2]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (3, 'github', 'github/acme/shop', 'e2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-3', 1790000002.5, 1790000002.875, '[3]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (4, 'github', 'github/acme/shop', 'e3', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e3", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-4', 1790000003.75, 1790000004.125, '[4]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (5, 'github', 'github/acme/shop', 'a1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-5', 1790000005, 1790000005.375, '[5]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (6, 'github', 'github/acme/shop', 'a2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-6', 1790000005.75, 1790000006.125, '[6]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (7, 'github', 'github/acme/shop', 'a3', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a3", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-7', 1790000006.5, 1790000006.875, '[7]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (8, 'github', 'github/acme/shop', 'b1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "b1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-8', 1790000007.625, 1790000008, '[8]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (9, 'github', 'github/acme/shop', 'b2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "b2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-9', 1790000008.375, 1790000008.75, '[9]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (10, 'github', 'github/acme/shop', 'b0', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "b0", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-10', 1790000009.125, 1790000009.5, '[10]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (11, 'github', 'github/acme/shop', 'c1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "c1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-11', 1790000009.875, 1790000010.25, '[11]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (12, 'github', 'github/acme/shop', 'c2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "c2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-12', 1790000010.75, 1790000011.125, '[12]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (13, 'github', 'github/acme/shop', 'd1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "d1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-13', 1790000011.5, 1790000011.875, '[13]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (14, 'github', 'github/acme/shop', 'd2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "d2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-14', 1790000012.5, 1790000012.875, '[14]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (15, 'github', 'github/acme/shop', 'd3', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "d3", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-15', 1790000013.625, 1790000014, '[15]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (16, 'github', 'github/acme/shop', 'd4', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "d4", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-16', 1790000014.5, 1790000014.875, '[16]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (17, 'github', 'github/acme/shop', 'l1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "l1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-17', 1790000015.375, 1790000015.75, '[17]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (18, 'github', 'github/acme/shop', 'l2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "l2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-18', 1790000016.75, 1790000017.125, '[18]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (19, 'github', 'github/acme/shop', 'a', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-19', 1790000017.625, 1790000018, '[18]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (20, 'github', 'github/acme/shop', 'k1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "k1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-20', 1790000018.375, 1790000018.75, '[19]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (21, 'github', 'github/acme/shop', 'k2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "k2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-21', 1790000019.25, 1790000019.625, '[20]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (22, 'github', 'github/acme/shop', 'f1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "f1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-22', 1790000020.25, 1790000020.625, '[21, 22]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (23, 'github', 'github/acme/shop', 'f2', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "f2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-23', 1790000021.625, 1790000022, '[23]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (24, 'github', 'github/acme/shop', 'a', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploys', '', '', 'delivery-24', 1790000023.25, 1790000023.625, '[]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (25, 'github', 'github/acme/shop', 'm0', '{"kind": "pull_request", "action": "opened", "repository": "acme/shop", "repository_id": "", "ref": "", "base_ref": "", "sha": "m0", "before": "", "forced": false, "number": 7, "fork": null, "merged_sha": "", "author": "ann", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'planning m0', '', '', 'opened', 1790000024, 1790000024.5, '[]', 0, 0, '#7', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (26, 'github', 'github/acme/shop', 'm1', '{"kind": "pull_request", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "", "base_ref": "", "sha": "m1", "before": "m0", "forced": false, "number": 7, "fork": null, "merged_sha": "", "author": "ann", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'planning m1', '', '', 'updated', 1790000024.125, 1790000025, '[]', 0, 0, '#7', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (27, 'github', 'github/acme/shop', '', '{"kind": "comment", "action": "created", "repository": "acme/shop", "repository_id": "", "ref": "", "base_ref": "", "sha": "", "before": "", "forced": false, "number": 7, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "/deploy asked", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'deploying m1 to asked', '', '', 'comment-1', 1790000025.25, 1790000025.625, '[24]', 0, 0, 'environment asked', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (28, 'github', 'github/acme/shop', '', '{"kind": "comment", "action": "created", "repository": "acme/shop", "repository_id": "", "ref": "", "base_ref": "", "sha": "", "before": "", "forced": false, "number": 7, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "/deploy asked", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'not yet supported: /deploy plan', '', '', 'comment-2', 1790000025.875, 1790000026.25, '[]', 0, 0, '#7', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (29, 'gitlab', 'gitlab/acme/asks', '', '{"kind": "ask", "action": "pause", "repository": "acme/asks", "repository_id": "", "ref": "", "base_ref": "", "sha": "", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "olga on the command line", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'accepted; waiting for its turn', '', '', 'ask-1', 1790000026.5, NULL, '[]', 0, 0, 'environment staging', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (30, 'github', 'github/acme/shop', 'h', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "h", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'ignored', 'we do not follow it', '', '', 'ping', 1790000026.875, 1790000026.875, '[]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (31, 'github', '', '', '', 'rejected', 'the signature is wrong', '', '10.0.0.1', NULL, 1790000027, 1790000027, '[]', 0, 0, '', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (32, 'github', 'github/acme/shop', 'i1', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "i1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'nothing deployed: 2 mistakes', '.pushboat.yaml:1:1: one
:2:1: two', '', 'delivery-25', 1790000027.125, 1790000027.375, '[]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (33, 'github', 'github/acme/shop', 'e0', '{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e0", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'waiting: github does not answer', '', '', 'delivery-1#replay-1', 1790000027.75, NULL, '[]', 0, 1, 'refs/heads/main', 1790000268.125, 1790000028, 1790000027.875);
INSERT INTO public.delivery (id, forge, repository, sha, event, verdict, reason, details, source, delivery, received_at, routed_at, deployments, duplicates, attempts, stream, not_before, trouble_since, doubt_since) VALUES (34, 'gitlab', 'gitlab/acme/other', 'j1', '{"kind": "push", "action": "updated", "repository": "acme/other", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "j1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}', 'accepted', 'accepted; waiting for its turn', '', '', 'other', 1790000028.25, NULL, '[]', 0, 0, 'refs/heads/main', 0, NULL, NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (1, 1, 'deploy', 'refs/tags/v1', 'e0', 'ann', 'push', 'succeeded', 'it succeeded', '```
log
```', '', 1, 1, 1, 0, 1, 2, 7, 1, 1790000000.375, 0, 0, 1790000000.75, 1790000001.125, 1, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (2, 2, 'deploy', 'refs/tags/v1', 'e1', 'ann', 'push', 'failed', 'it failed', '```
log
```', '', 1, 1, 1, 0, 1, 2, 7, 1, 1790000001.625, 0, 0, 1790000002, 1790000002.375, 2, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (3, 3, 'deploy', 'refs/tags/v1', 'e2', 'ann', 'push', 'errored', 'it errored', '```
log
```', '', 1, 1, 1, 0, 1, 2, 7, 1, 1790000002.875, 0, 0, 1790000003.25, 1790000003.625, 3, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (4, 4, 'deploy', 'refs/tags/v1', 'e3', 'ann', 'push', 'cancelled', 'it cancelled', '```
log
```', '', 1, 1, 1, 0, 1, 2, 7, 1, 1790000004.125, 0, 0, 1790000004.5, 1790000004.875, 4, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (5, 5, 'deploy', 'refs/heads/main', 'a1', 'ann', 'push', 'superseded', 'replaced by a3', '', 'a3', 1, 0, 0, 0, 0, 0, 0, 0, 1790000005.375, 0, 0, NULL, 1790000006.875, 5, 7, false, true, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (6, 5, 'deploy', 'refs/heads/main', 'a2', 'ann', 'push', 'superseded', 'replaced by a3', '', 'a3', 2, 0, 0, 0, 0, 0, 0, 0, 1790000006.125, 0, 0, NULL, 1790000006.875, 6, 7, false, true, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (7, 5, 'deploy', 'refs/heads/main', 'a3', 'ann', 'push', 'succeeded', 'healthy', '', '', 3, 1, 1, 0, 0, 0, 0, 0, 1790000006.875, 0, 0, 1790000007.25, 1790000007.375, 7, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (8, 8, 'deploy', 'refs/heads/main', 'b1', 'ann', 'push', 'superseded', 'superseded by b2, follows it', '', 'b2', 1, 0, 0, 0, 0, 0, 0, 0, 1790000008, 0, 0, NULL, 1790000008.75, 8, 9, true, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (9, 8, 'deploy', 'refs/heads/main', 'b2', 'ann', 'push', 'queued', '', '', '', 2, 0, 0, 0, 0, 0, 0, 0, 1790000008.75, 0, 0, NULL, NULL, 9, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (10, 8, 'deploy', 'refs/heads/main', 'b0', 'ann', 'push', 'superseded', 'superseded by b2, follows it', '', 'b2', 3, 0, 0, 0, 0, 0, 0, 0, 1790000009.5, 0, 0, NULL, 1790000009.5, 10, 9, true, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (11, 11, 'deploy', 'refs/heads/main', 'c1', 'ann', 'push', 'running', '', '', 'c2', 1, 1, 1, 0, 0, 0, 0, 0, 1790000010.25, 0, 0, 1790000010.625, NULL, 11, 12, true, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (12, 11, 'deploy', 'refs/heads/main', 'c2', 'ann', 'push', 'queued', '', '', '', 2, 0, 0, 0, 0, 0, 0, 0, 1790000011.125, 0, 0, NULL, NULL, 12, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (13, 13, 'deploy', 'refs/heads/main', 'd1', 'ann', 'push', 'queued', 'the cluster does not answer', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000011.875, 1790000252.375, 0, 1790000012.25, NULL, 13, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (14, 14, 'deploy', 'refs/heads/main', 'd2', 'ann', 'push', 'queued', 'its worker is gone; another one goes on', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000012.875, 0, 0, 1790000013.25, NULL, 14, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (15, 15, 'deploy', 'refs/heads/main', 'd3', 'ann', 'push', 'running', '', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000014, 0, 0, 1790000014.375, NULL, 15, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (16, 16, 'deploy', 'refs/heads/main', 'd4', 'ann', 'push', 'queued', '', '', '', 1, 0, 0, 1, 0, 0, 0, 0, 1790000014.875, 0, 1790000015.25, NULL, NULL, 16, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (17, 17, 'deploy', 'refs/heads/main', 'l1', 'ann', 'push', 'running', '', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000015.75, 0, 0, 1790000016.125, NULL, 17, NULL, false, false, '', 1790000016.625, 'wait', 1790000016.5);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (18, 18, 'deploy', 'refs/heads/main', 'l2', 'ann', 'push', 'running', '', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000017.125, 0, 0, 1790000017.5, NULL, 18, NULL, false, false, 'ann', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (19, 19, 'deploy', 'refs/heads/main', 'k1', 'ann', 'push', 'queued', '', '', '', 1, 0, 0, 0, 0, 0, 0, 0, 1790000018.75, 0, 0, NULL, NULL, 20, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (20, 20, 'deploy', 'refs/heads/main', 'k2', 'ann', 'push', 'queued', '', '', '', 1, 0, 0, 0, 0, 0, 0, 0, 1790000019.625, 0, 0, NULL, NULL, 21, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (21, 21, 'plan', 'topic', 'f1', 'ann', 'pull_request', 'succeeded', '1 to create', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000020.625, 0, 0, 1790000021.125, 1790000021.25, 22, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (22, 22, 'plan', 'topic', 'f1', 'ann', 'pull_request', 'failed', 'app.yaml:3: unknown field', '', '', 1, 1, 1, 0, 0, 0, 0, 0, 1790000020.625, 0, 0, 1790000021.375, 1790000021.5, 22, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (23, 23, 'plan', 'topic', 'f2', 'ann', 'pull_request', 'queued', '', '', '', 1, 0, 0, 0, 0, 0, 0, 0, 1790000022, 0, 0, NULL, NULL, 23, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.deployment (id, lane_id, kind, ref, sha, author, cause, state, reason, details, successor_sha, seq, attempts, fence, hints, created, configured, unchanged, deleted, created_at, not_before, hint_at, started_at, finished_at, delivery_id, successor, successor_contains, settled, cancelled_by, trouble_since, trouble_step, waiting_since) VALUES (24, 24, 'deploy', 'refs/heads/main', 'm1', 'ann', 'push', 'queued', '', '', '', 1, 0, 0, 0, 0, 0, 0, 0, 1790000025.625, 0, 0, NULL, NULL, 27, NULL, false, false, '', NULL, '', NULL);
INSERT INTO public.forge_hold (forge, held_until) VALUES ('gitlab', 1790000263.875);
INSERT INTO public.head (repository, ref, sha, before, found, found_at) VALUES ('github/acme/shop', 'refs/tags/v1', 'a1', '', '', 0);
INSERT INTO public.head (repository, ref, sha, before, found, found_at) VALUES ('github/acme/shop', 'refs/heads/main', 'a2', 'a0', 'a3', 1790000030.125);
INSERT INTO public.hold (id, kind, repository, environment, subject, by_whom, reason, deployment, since, ends_at, plans) VALUES (1, 'pause', 'github/acme/shop', 'paused', '', 'ann', 'we migrate', 0, 1790000019.125, NULL, false);
INSERT INTO public.hold (id, kind, repository, environment, subject, by_whom, reason, deployment, since, ends_at, plans) VALUES (2, 'gate', '', '', 'tests', 'ops', '', 20, 1790000020, NULL, true);
INSERT INTO public.hold (id, kind, repository, environment, subject, by_whom, reason, deployment, since, ends_at, plans) VALUES (3, 'pause', 'github/acme/other', '', '', 'ann', '', 0, 1790000020.125, 1790100000, false);
INSERT INTO public.identity (name, forge, id, path, rival, seen_at) VALUES ('github/acme/shop', 'github', '17', 'acme/store', '18', 1790000028.625);
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
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (17, 'github/acme/shop', 'troubled', 'worker', '', 0, 1, 1, 0, 17, 1790000256.125, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (18, 'github/acme/shop', 'stopping', 'worker', '', 0, 1, 1, 0, 18, 1790000257.5, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (19, 'github/acme/shop', 'paused', '', '', 0, 1, 0, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (20, 'github/acme/shop', 'gated', '', '', 0, 1, 0, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (21, 'github/acme/shop', 'staging', '', 'f1', 7, 1, 1, 1, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (22, 'github/acme/shop', 'production', '', '', 7, 1, 1, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (23, 'github/acme/shop', 'staging', '', '', 8, 1, 0, 0, NULL, 0, false);
INSERT INTO public.lane (id, repository, environment, lease_owner, deployed_sha, number, seq, fence, deployed_seq, running, lease_until, took_over) VALUES (24, 'github/acme/shop', 'asked', '', '', 0, 1, 0, 0, NULL, 0, false);
INSERT INTO public.look (repository, covered, next_at, lease_owner, lease_until, looked_at, trouble, log_at, log_next_at, log_trouble) VALUES ('github/acme/shop', 'branches tags', 1790000269.5, '', 0, 1790000029.25, 'github does not answer', 1790000029.125, 1790000269.125, '403: the token may not see webhooks');
INSERT INTO public.look (repository, covered, next_at, lease_owner, lease_until, looked_at, trouble, log_at, log_next_at, log_trouble) VALUES ('github/acme/other', '', 0, 'worker', 1790000209.625, 0, '', 0, 0, '');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (1, 'status github/acme/shop e0 pushboat/ended-succeeded', 'github', 'acme/shop', 'status', '', 'sent', '', 1, 1790000000.375, 0, 0, 1790000022.625, '{"sha": "e0", "context": "pushboat/ended-succeeded", "state": "queued", "description": "waits for a free worker", "path": "/deployments/1", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (2, 'status github/acme/shop e0 pushboat/ended-succeeded', 'github', 'acme/shop', 'status', '', 'collapsed', '', 0, 1790000000.75, 0, 0, 1790000023.125, '{"sha": "e0", "context": "pushboat/ended-succeeded", "state": "running", "description": "deploying", "path": "/deployments/1", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (3, 'status github/acme/shop e0 pushboat/ended-succeeded', 'github', 'acme/shop', 'status', 'reporter', '', '', 1, 1790000001.125, 0, 1790000053.125, NULL, '{"sha": "e0", "context": "pushboat/ended-succeeded", "state": "succeeded", "description": "it succeeded", "path": "/deployments/1", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (4, 'status github/acme/shop e1 pushboat/ended-failed', 'github', 'acme/shop', 'status', '', 'dead', '422: no commit found', 1, 1790000001.625, 0, 0, 1790000022.75, '{"sha": "e1", "context": "pushboat/ended-failed", "state": "queued", "description": "waits for a free worker", "path": "/deployments/2", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (5, 'status github/acme/shop e1 pushboat/ended-failed', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000002, 0, 0, NULL, '{"sha": "e1", "context": "pushboat/ended-failed", "state": "running", "description": "deploying", "path": "/deployments/2", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (6, 'status github/acme/shop e1 pushboat/ended-failed', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000002.375, 0, 0, NULL, '{"sha": "e1", "context": "pushboat/ended-failed", "state": "failed", "description": "it failed", "path": "/deployments/2", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (7, 'status github/acme/shop e2 pushboat/ended-errored', 'github', 'acme/shop', 'status', '', '', '502', 1, 1790000002.875, 1790000082.875, 0, NULL, '{"sha": "e2", "context": "pushboat/ended-errored", "state": "queued", "description": "waits for a free worker", "path": "/deployments/3", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (8, 'status github/acme/shop e2 pushboat/ended-errored', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000003.25, 0, 0, NULL, '{"sha": "e2", "context": "pushboat/ended-errored", "state": "running", "description": "deploying", "path": "/deployments/3", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (9, 'status github/acme/shop e2 pushboat/ended-errored', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000003.625, 0, 0, NULL, '{"sha": "e2", "context": "pushboat/ended-errored", "state": "errored", "description": "it errored", "path": "/deployments/3", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (10, 'status github/acme/shop e3 pushboat/ended-cancelled', 'github', 'acme/shop', 'status', 'reporter', '', '', 1, 1790000004.125, 0, 1790000262.5, NULL, '{"sha": "e3", "context": "pushboat/ended-cancelled", "state": "queued", "description": "waits for a free worker", "path": "/deployments/4", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (11, 'status github/acme/shop e3 pushboat/ended-cancelled', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000004.5, 0, 0, NULL, '{"sha": "e3", "context": "pushboat/ended-cancelled", "state": "running", "description": "deploying", "path": "/deployments/4", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (12, 'status github/acme/shop e3 pushboat/ended-cancelled', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000004.875, 0, 0, NULL, '{"sha": "e3", "context": "pushboat/ended-cancelled", "state": "cancelled", "description": "it cancelled", "path": "/deployments/4", "ref": "refs/tags/v1"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (13, 'status github/acme/shop a1 pushboat/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000005.375, 0, 0, NULL, '{"sha": "a1", "context": "pushboat/staging", "state": "queued", "description": "waits for a free worker", "path": "/deployments/5", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (14, 'status github/acme/shop a2 pushboat/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000006.125, 0, 0, NULL, '{"sha": "a2", "context": "pushboat/staging", "state": "queued", "description": "waits for a free worker", "path": "/deployments/6", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (15, 'status github/acme/shop a1 pushboat/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000006.125, 0, 0, NULL, '{"sha": "a1", "context": "pushboat/staging", "state": "running", "description": "superseded by a2, follows it", "path": "/deployments/5", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (16, 'status github/acme/shop a3 pushboat/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000006.875, 0, 0, NULL, '{"sha": "a3", "context": "pushboat/staging", "state": "queued", "description": "waits for a free worker", "path": "/deployments/7", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (17, 'status github/acme/shop a2 pushboat/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000006.875, 0, 0, NULL, '{"sha": "a2", "context": "pushboat/staging", "state": "cancelled", "description": "replaced by a3", "path": "/deployments/6", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (18, 'status github/acme/shop a1 pushboat/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000006.875, 0, 0, NULL, '{"sha": "a1", "context": "pushboat/staging", "state": "cancelled", "description": "replaced by a3", "path": "/deployments/5", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (19, 'status github/acme/shop a3 pushboat/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000007.25, 0, 0, NULL, '{"sha": "a3", "context": "pushboat/staging", "state": "running", "description": "deploying", "path": "/deployments/7", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (20, 'status github/acme/shop a3 pushboat/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000007.375, 0, 0, NULL, '{"sha": "a3", "context": "pushboat/staging", "state": "succeeded", "description": "healthy", "path": "/deployments/7", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (21, 'status github/acme/shop b1 pushboat/followed', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000008, 0, 0, NULL, '{"sha": "b1", "context": "pushboat/followed", "state": "queued", "description": "waits for a free worker", "path": "/deployments/8", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (22, 'status github/acme/shop b2 pushboat/followed', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000008.75, 0, 0, NULL, '{"sha": "b2", "context": "pushboat/followed", "state": "queued", "description": "waits for a free worker", "path": "/deployments/9", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (23, 'status github/acme/shop b1 pushboat/followed', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000008.75, 0, 0, NULL, '{"sha": "b1", "context": "pushboat/followed", "state": "running", "description": "superseded by b2, follows it", "path": "/deployments/8", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (24, 'status github/acme/shop b0 pushboat/followed', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000009.5, 0, 0, NULL, '{"sha": "b0", "context": "pushboat/followed", "state": "running", "description": "superseded by b2, follows it", "path": "/deployments/10", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (25, 'status github/acme/shop c1 pushboat/running', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000010.25, 0, 0, NULL, '{"sha": "c1", "context": "pushboat/running", "state": "queued", "description": "waits for a free worker", "path": "/deployments/11", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (26, 'status github/acme/shop c1 pushboat/running', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000010.625, 0, 0, NULL, '{"sha": "c1", "context": "pushboat/running", "state": "running", "description": "deploying", "path": "/deployments/11", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (27, 'status github/acme/shop c2 pushboat/running', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000011.125, 0, 0, NULL, '{"sha": "c2", "context": "pushboat/running", "state": "queued", "description": "waits for deployment 11, which runs", "path": "/deployments/12", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (28, 'status github/acme/shop d1 pushboat/again', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000011.875, 0, 0, NULL, '{"sha": "d1", "context": "pushboat/again", "state": "queued", "description": "waits for a free worker", "path": "/deployments/13", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (29, 'status github/acme/shop d1 pushboat/again', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000012.25, 0, 0, NULL, '{"sha": "d1", "context": "pushboat/again", "state": "running", "description": "deploying", "path": "/deployments/13", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (30, 'status github/acme/shop d1 pushboat/again', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000012.375, 0, 0, NULL, '{"sha": "d1", "context": "pushboat/again", "state": "running", "description": "the cluster does not answer; again in 240 s", "path": "/deployments/13", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (31, 'status github/acme/shop d2 pushboat/orphaned', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000012.875, 0, 0, NULL, '{"sha": "d2", "context": "pushboat/orphaned", "state": "queued", "description": "waits for a free worker", "path": "/deployments/14", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (32, 'status github/acme/shop d2 pushboat/orphaned', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000013.25, 0, 0, NULL, '{"sha": "d2", "context": "pushboat/orphaned", "state": "running", "description": "deploying", "path": "/deployments/14", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (33, 'status github/acme/shop d2 pushboat/orphaned', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000013.5, 0, 0, NULL, '{"sha": "d2", "context": "pushboat/orphaned", "state": "running", "description": "its worker is gone; another one goes on; waits for a free worker", "path": "/deployments/14", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (34, 'status github/acme/shop d3 pushboat/dead', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000014, 0, 0, NULL, '{"sha": "d3", "context": "pushboat/dead", "state": "queued", "description": "waits for a free worker", "path": "/deployments/15", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (35, 'status github/acme/shop d3 pushboat/dead', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000014.375, 0, 0, NULL, '{"sha": "d3", "context": "pushboat/dead", "state": "running", "description": "deploying", "path": "/deployments/15", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (36, 'status github/acme/shop d4 pushboat/hinted', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000014.875, 0, 0, NULL, '{"sha": "d4", "context": "pushboat/hinted", "state": "queued", "description": "waits for a free worker", "path": "/deployments/16", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (37, 'status github/acme/shop l1 pushboat/troubled', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000015.75, 0, 0, NULL, '{"sha": "l1", "context": "pushboat/troubled", "state": "queued", "description": "waits for a free worker", "path": "/deployments/17", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (38, 'status github/acme/shop l1 pushboat/troubled', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000016.125, 0, 0, NULL, '{"sha": "l1", "context": "pushboat/troubled", "state": "running", "description": "deploying", "path": "/deployments/17", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (39, 'status github/acme/shop l2 pushboat/stopping', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000017.125, 0, 0, NULL, '{"sha": "l2", "context": "pushboat/stopping", "state": "queued", "description": "waits for a free worker", "path": "/deployments/18", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (40, 'status github/acme/shop l2 pushboat/stopping', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000017.5, 0, 0, NULL, '{"sha": "l2", "context": "pushboat/stopping", "state": "running", "description": "deploying", "path": "/deployments/18", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (41, 'status github/acme/shop k1 pushboat/paused', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000018.75, 0, 0, NULL, '{"sha": "k1", "context": "pushboat/paused", "state": "queued", "description": "waits for a free worker", "path": "/deployments/19", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (42, 'status github/acme/shop k1 pushboat/paused', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000019.125, 0, 0, NULL, '{"sha": "k1", "context": "pushboat/paused", "state": "queued", "description": "paused by ann since 2026-09-21 14:13 UTC: we migrate", "path": "/deployments/19", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (43, 'status github/acme/shop k2 pushboat/gated', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000019.625, 0, 0, NULL, '{"sha": "k2", "context": "pushboat/gated", "state": "queued", "description": "waits for a free worker", "path": "/deployments/20", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (44, 'status github/acme/shop k2 pushboat/gated', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000020, 0, 0, NULL, '{"sha": "k2", "context": "pushboat/gated", "state": "queued", "description": "held back (gate) by ops", "path": "/deployments/20", "ref": "refs/heads/main"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (45, 'status github/acme/shop f1 pushboat/plan/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000020.625, 0, 0, NULL, '{"sha": "f1", "context": "pushboat/plan/staging", "state": "queued", "description": "waits for a free worker", "path": "/plans/21", "ref": "topic"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (46, 'status github/acme/shop f1 pushboat/plan/production', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000020.625, 0, 0, NULL, '{"sha": "f1", "context": "pushboat/plan/production", "state": "queued", "description": "waits for a free worker", "path": "/plans/22", "ref": "topic"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (47, 'status github/acme/shop f1 pushboat/plan/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000021.125, 0, 0, NULL, '{"sha": "f1", "context": "pushboat/plan/staging", "state": "running", "description": "planning", "path": "/plans/21", "ref": "topic"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (48, 'status github/acme/shop f1 pushboat/plan/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000021.25, 0, 0, NULL, '{"sha": "f1", "context": "pushboat/plan/staging", "state": "succeeded", "description": "1 to create", "path": "/plans/21", "ref": "topic"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (49, 'status github/acme/shop f1 pushboat/plan/production', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000021.375, 0, 0, NULL, '{"sha": "f1", "context": "pushboat/plan/production", "state": "running", "description": "planning", "path": "/plans/22", "ref": "topic"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (50, 'status github/acme/shop f1 pushboat/plan/production', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000021.5, 0, 0, NULL, '{"sha": "f1", "context": "pushboat/plan/production", "state": "failed", "description": "app.yaml:3: unknown field", "path": "/plans/22", "ref": "topic"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (51, 'status github/acme/shop f1 pushboat/plan', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000021.5, 0, 0, NULL, '{"sha": "f1", "context": "pushboat/plan", "state": "failed", "description": "production: app.yaml:3: unknown field", "path": "/plans/22", "ref": "topic"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (52, 'status github/acme/shop f2 pushboat/plan/staging', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000022, 0, 0, NULL, '{"sha": "f2", "context": "pushboat/plan/staging", "state": "queued", "description": "waits for a free worker", "path": "/plans/23", "ref": "topic"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (53, 'comment github/acme/shop 7', 'github', 'acme/shop', 'reply', '', '', '', 0, 1790000023.625, 0, 0, NULL, '{"number": 7, "body": "deploys `staging`", "marker": "pushboat:53"}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (54, 'status github/acme/shop g pushboat', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000023.625, 0, 0, NULL, '{"sha": "g", "context": "pushboat", "state": "failed", "description": "bad", "path": "/deliveries/24", "ref": ""}');
INSERT INTO public.outbox (id, stream, forge, repository, kind, lease_owner, outcome, error, attempts, created_at, not_before, lease_until, sent_at, payload) VALUES (55, 'status github/acme/shop m1 pushboat/asked', 'github', 'acme/shop', 'status', '', '', '', 0, 1790000025.625, 0, 0, NULL, '{"sha": "m1", "context": "pushboat/asked", "state": "queued", "description": "waits for a free worker", "path": "/deployments/24", "ref": "refs/heads/main"}');
INSERT INTO public.process (name, pid, beat_at, note) VALUES ('worker', 101, 1790000030.25, '');
INSERT INTO public.process (name, pid, beat_at, note) VALUES ('dispatcher', 100, 1790000030.375, 'broker: ok');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (1, 1, 1790000000.875, 'checkout', 'checked out deploy/ at e');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (2, 1, 1790000001, 'apply', 'applying 2 objects');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (3, 2, 1790000002.125, 'checkout', 'checked out deploy/ at e');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (4, 2, 1790000002.25, 'apply', 'applying 2 objects');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (5, 3, 1790000003.375, 'checkout', 'checked out deploy/ at e');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (6, 3, 1790000003.5, 'apply', 'applying 2 objects');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (7, 4, 1790000004.625, 'checkout', 'checked out deploy/ at e');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (8, 4, 1790000004.75, 'apply', 'applying 2 objects');
INSERT INTO public.progress (id, deployment_id, at, phase, text) VALUES (9, 18, 1790000018, 'cancel', 'told to stop: cancelled by ann');
INSERT INTO public.pull_request (repository, number, head, before) VALUES ('github/acme/shop', 7, 'm1', 'm0');
INSERT INTO public.repository (name, lease_owner, lease_until, not_before, hint_at, fence, hints) VALUES ('gitlab/acme/asks', '', 0, 0, 1790000026.75, 0, 1);
INSERT INTO public.repository (name, lease_owner, lease_until, not_before, hint_at, fence, hints) VALUES ('gitlab/acme/other', '', 0, 0, 0, 0, 0);
INSERT INTO public.repository (name, lease_owner, lease_until, not_before, hint_at, fence, hints) VALUES ('github/acme/shop', 'router', 1790000268.5, 1790000268.125, 0, 29, 0);
SELECT pg_catalog.setval('public.ask_id_seq', 3, true);
SELECT pg_catalog.setval('public.audit_id_seq', 2, true);
SELECT pg_catalog.setval('public.delivery_id_seq', 35, true);
SELECT pg_catalog.setval('public.deployment_id_seq', 24, true);
SELECT pg_catalog.setval('public.hold_id_seq', 3, true);
SELECT pg_catalog.setval('public.lane_id_seq', 24, true);
SELECT pg_catalog.setval('public.outbox_id_seq', 55, true);
SELECT pg_catalog.setval('public.progress_id_seq', 9, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.ask
    ADD CONSTRAINT ask_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);
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
ALTER TABLE ONLY public.head
    ADD CONSTRAINT head_pkey PRIMARY KEY (repository, ref);
ALTER TABLE ONLY public.hold
    ADD CONSTRAINT hold_once UNIQUE (kind, repository, environment, deployment, subject);
ALTER TABLE ONLY public.hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.lane
    ADD CONSTRAINT lane_once UNIQUE (repository, environment, number);
ALTER TABLE ONLY public.lane
    ADD CONSTRAINT lane_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.look
    ADD CONSTRAINT look_pkey PRIMARY KEY (repository);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.process
    ADD CONSTRAINT process_pkey PRIMARY KEY (name, pid);
ALTER TABLE ONLY public.progress
    ADD CONSTRAINT progress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.pull_request
    ADD CONSTRAINT pull_request_pkey PRIMARY KEY (repository, number);
ALTER TABLE ONLY public.repository
    ADD CONSTRAINT repository_pkey PRIMARY KEY (name);
CREATE INDEX ask_delivery ON public.ask USING btree (delivery_id);
CREATE INDEX audit_delivery ON public.audit USING btree (delivery_id);
CREATE INDEX audit_repository ON public.audit USING btree (repository, id);
CREATE INDEX delivery_forgotten ON public.delivery USING btree (received_at) WHERE (event = ''::text);
CREATE INDEX delivery_repository ON public.delivery USING btree (repository, id);
CREATE INDEX delivery_sha ON public.delivery USING btree (sha);
CREATE INDEX delivery_stream ON public.delivery USING btree (repository, stream, id, routed_at) WHERE (routed_at IS NULL);
CREATE INDEX delivery_unrouted ON public.delivery USING btree (repository, id, routed_at) WHERE (routed_at IS NULL);
CREATE INDEX delivery_verdict ON public.delivery USING btree (verdict, id);
CREATE INDEX delivery_whole ON public.delivery USING btree (received_at) WHERE (event <> ''::text);
CREATE INDEX deployment_ended ON public.deployment USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX deployment_hints ON public.deployment USING btree (hint_at) WHERE (state = 'queued'::text);
CREATE INDEX deployment_lane_state ON public.deployment USING btree (lane_id, state, id);
CREATE INDEX deployment_sha ON public.deployment USING btree (sha);
CREATE INDEX deployment_state ON public.deployment USING btree (state, id);
CREATE INDEX deployment_successor ON public.deployment USING btree (successor);
CREATE INDEX deployment_unfinished ON public.deployment USING btree (lane_id, seq) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX identity_id ON public.identity USING btree (forge, id);
CREATE INDEX lane_running ON public.lane USING btree (running) WHERE (running IS NOT NULL);
CREATE INDEX outbox_next ON public.outbox USING btree (forge, id) WHERE (sent_at IS NULL);
CREATE INDEX outbox_posted ON public.outbox USING btree (sent_at) WHERE (sent_at IS NOT NULL);
CREATE INDEX outbox_unsent ON public.outbox USING btree (stream, id) WHERE (sent_at IS NULL);
CREATE INDEX progress_deployment ON public.progress USING btree (deployment_id, id);
ALTER TABLE ONLY public.ask
    ADD CONSTRAINT ask_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.delivery(id);
ALTER TABLE ONLY public.change_set
    ADD CONSTRAINT change_set_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES public.deployment(id);
ALTER TABLE ONLY public.deployment
    ADD CONSTRAINT deployment_lane_id_fkey FOREIGN KEY (lane_id) REFERENCES public.lane(id);
ALTER TABLE ONLY public.progress
    ADD CONSTRAINT progress_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES public.deployment(id);
