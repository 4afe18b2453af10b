BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0008');
CREATE TABLE ask (
	id INTEGER NOT NULL, 
	delivery_id BIGINT NOT NULL, 
	word TEXT DEFAULT '' NOT NULL, 
	environment TEXT DEFAULT '' NOT NULL, 
	arguments TEXT DEFAULT '' NOT NULL, 
	who TEXT DEFAULT '' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	repository TEXT DEFAULT '' NOT NULL, 
	number BIGINT DEFAULT 0 NOT NULL, 
	sha TEXT DEFAULT '' NOT NULL, 
	refusal TEXT DEFAULT '' NOT NULL, 
	puzzled BOOLEAN DEFAULT 0 NOT NULL, 
	at DOUBLE DEFAULT 0 NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(delivery_id) REFERENCES delivery (id)
);
INSERT INTO "ask" VALUES(1,27,'deploy','asked','{}','wendy','comment','github/acme/shop',7,'m1','',0,1790000025.25);
INSERT INTO "ask" VALUES(2,28,'deploy','','{}','wendy','comment','github/acme/shop',7,'m1','not yet supported: /deploy plan',1,1790000025.875);
INSERT INTO "ask" VALUES(3,29,'pause','staging','{"reason": "we migrate", "for": "2h"}','olga on the command line','command','gitlab/acme/asks',0,'','',0,1790000026.5);
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DOUBLE DEFAULT 0 NOT NULL, 
	who TEXT DEFAULT '' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	repository TEXT DEFAULT '' NOT NULL, 
	environment TEXT DEFAULT '' NOT NULL, 
	word TEXT DEFAULT '' NOT NULL, 
	verdict TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	ask_id BIGINT NOT NULL, 
	delivery_id BIGINT NOT NULL, 
	deployment_id BIGINT, 
	PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,1790000025.625,'wendy','comment','github/acme/shop','asked','deploy','done','deploying m1 to asked',1,27,24);
INSERT INTO "audit" VALUES(2,1790000026.25,'wendy','comment','github/acme/shop','','deploy','refused','not yet supported: /deploy plan',2,28,NULL);
CREATE TABLE change_set (
	deployment_id BIGINT NOT NULL, 
	changes TEXT DEFAULT '' NOT NULL, meant TEXT DEFAULT '[]' NOT NULL, 
	PRIMARY KEY (deployment_id), 
	FOREIGN KEY(deployment_id) REFERENCES deployment (id)
);
INSERT INTO "change_set" VALUES(1,'[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]','[]');
INSERT INTO "change_set" VALUES(2,'[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]','[]');
INSERT INTO "change_set" VALUES(3,'[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]','[]');
INSERT INTO "change_set" VALUES(4,'[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}, {"ref": ["", "ConfigMap", "shop", "old"], "action": "deleted", "diff": "", "notes": []}]','[]');
INSERT INTO "change_set" VALUES(17,'[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}]','[["apps", "Deployment", "shop", "web", "created"]]');
INSERT INTO "change_set" VALUES(21,'[{"ref": ["apps", "Deployment", "shop", "web"], "action": "created", "diff": "+ replicas: 2\n", "notes": ["new"]}]','[]');
CREATE TABLE delivery (
	id INTEGER NOT NULL, 
	forge TEXT DEFAULT '' NOT NULL, 
	repository TEXT DEFAULT '' NOT NULL, 
	sha TEXT DEFAULT '' NOT NULL, 
	event TEXT DEFAULT '' NOT NULL, 
	verdict TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	details TEXT DEFAULT '' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	delivery TEXT, 
	received_at DOUBLE DEFAULT 0 NOT NULL, 
	routed_at DOUBLE, 
	deployments TEXT DEFAULT '[]' NOT NULL, 
	duplicates BIGINT DEFAULT 0 NOT NULL, 
	attempts BIGINT DEFAULT 0 NOT NULL, stream TEXT DEFAULT '' NOT NULL, not_before DOUBLE DEFAULT 0 NOT NULL, trouble_since DOUBLE, doubt_since DOUBLE, 
	PRIMARY KEY (id), 
	CONSTRAINT delivery_once UNIQUE (forge, delivery)
);
INSERT INTO "delivery" VALUES(1,'github','github/acme/shop','e0','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e0", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-1',1790000000.0,1790000000.375,'[1]',1,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(2,'github','github/acme/shop','e1','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-2',1790000001.25,1790000001.625,'[2]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(3,'github','github/acme/shop','e2','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-3',1790000002.5,1790000002.875,'[3]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(4,'github','github/acme/shop','e3','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e3", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-4',1790000003.75,1790000004.125,'[4]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(5,'github','github/acme/shop','a1','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-5',1790000005.0,1790000005.375,'[5]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(6,'github','github/acme/shop','a2','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-6',1790000005.75,1790000006.125,'[6]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(7,'github','github/acme/shop','a3','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a3", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-7',1790000006.5,1790000006.875,'[7]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(8,'github','github/acme/shop','b1','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "b1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-8',1790000007.625,1790000008.0,'[8]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(9,'github','github/acme/shop','b2','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "b2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-9',1790000008.375,1790000008.75,'[9]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(10,'github','github/acme/shop','b0','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "b0", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-10',1790000009.125,1790000009.5,'[10]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(11,'github','github/acme/shop','c1','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "c1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-11',1790000009.875,1790000010.25,'[11]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(12,'github','github/acme/shop','c2','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "c2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-12',1790000010.75,1790000011.125,'[12]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(13,'github','github/acme/shop','d1','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "d1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-13',1790000011.5,1790000011.875,'[13]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(14,'github','github/acme/shop','d2','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "d2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-14',1790000012.5,1790000012.875,'[14]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(15,'github','github/acme/shop','d3','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "d3", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-15',1790000013.625,1790000014.0,'[15]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(16,'github','github/acme/shop','d4','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "d4", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-16',1790000014.5,1790000014.875,'[16]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(17,'github','github/acme/shop','l1','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "l1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-17',1790000015.375,1790000015.75,'[17]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(18,'github','github/acme/shop','l2','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "l2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-18',1790000016.75,1790000017.125,'[18]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(19,'github','github/acme/shop','a','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-19',1790000017.625,1790000018.0,'[18]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(20,'github','github/acme/shop','k1','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "k1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-20',1790000018.375,1790000018.75,'[19]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(21,'github','github/acme/shop','k2','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "k2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-21',1790000019.25,1790000019.625,'[20]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(22,'github','github/acme/shop','f1','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "f1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-22',1790000020.25,1790000020.625,'[21, 22]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(23,'github','github/acme/shop','f2','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "f2", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-23',1790000021.625,1790000022.0,'[23]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(24,'github','github/acme/shop','a','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "a", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploys','','','delivery-24',1790000023.25,1790000023.625,'[]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(25,'github','github/acme/shop','m0','{"kind": "pull_request", "action": "opened", "repository": "acme/shop", "repository_id": "", "ref": "", "base_ref": "", "sha": "m0", "before": "", "forced": false, "number": 7, "fork": null, "merged_sha": "", "author": "ann", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','planning m0','','','opened',1790000024.0,1790000024.5,'[]',0,0,'#7',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(26,'github','github/acme/shop','m1','{"kind": "pull_request", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "", "base_ref": "", "sha": "m1", "before": "m0", "forced": false, "number": 7, "fork": null, "merged_sha": "", "author": "ann", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','planning m1','','','updated',1790000024.125,1790000025.0,'[]',0,0,'#7',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(27,'github','github/acme/shop','','{"kind": "comment", "action": "created", "repository": "acme/shop", "repository_id": "", "ref": "", "base_ref": "", "sha": "", "before": "", "forced": false, "number": 7, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "/deploy asked", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','deploying m1 to asked','','','comment-1',1790000025.25,1790000025.625,'[24]',0,0,'environment asked',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(28,'github','github/acme/shop','','{"kind": "comment", "action": "created", "repository": "acme/shop", "repository_id": "", "ref": "", "base_ref": "", "sha": "", "before": "", "forced": false, "number": 7, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "/deploy asked", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','not yet supported: /deploy plan','','','comment-2',1790000025.875,1790000026.25,'[]',0,0,'#7',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(29,'gitlab','gitlab/acme/asks','','{"kind": "ask", "action": "pause", "repository": "acme/asks", "repository_id": "", "ref": "", "base_ref": "", "sha": "", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "olga on the command line", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','accepted; waiting for its turn','','','ask-1',1790000026.5,NULL,'[]',0,0,'environment staging',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(30,'github','github/acme/shop','h','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "h", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','ignored','we do not follow it','','','ping',1790000026.875,1790000026.875,'[]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(31,'github','','','','rejected','the signature is wrong','','10.0.0.1',NULL,1790000027.0,1790000027.0,'[]',0,0,'',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(32,'github','github/acme/shop','i1','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "i1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','nothing deployed: 2 mistakes','.pushboat.yaml:1:1: one
:2:1: two','','delivery-25',1790000027.125,1790000027.375,'[]',0,0,'refs/heads/main',0.0,NULL,NULL);
INSERT INTO "delivery" VALUES(33,'github','github/acme/shop','e0','{"kind": "push", "action": "updated", "repository": "acme/shop", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "e0", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','waiting: github does not answer','','','delivery-1#replay-1',1790000027.75,NULL,'[]',0,1,'refs/heads/main',1790000268.125,1790000028.0,1790000027.875);
INSERT INTO "delivery" VALUES(34,'gitlab','gitlab/acme/other','j1','{"kind": "push", "action": "updated", "repository": "acme/other", "repository_id": "", "ref": "refs/heads/main", "base_ref": "", "sha": "j1", "before": "", "forced": false, "number": null, "fork": null, "merged_sha": "", "author": "", "bot": false, "comment": "", "comment_on": "", "comment_id": null, "title": "", "renamed": "", "found": ""}','accepted','accepted; waiting for its turn','','','other',1790000028.25,NULL,'[]',0,0,'refs/heads/main',0.0,NULL,NULL);
CREATE TABLE deployment (
	id INTEGER NOT NULL, 
	lane_id BIGINT NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	ref TEXT DEFAULT '' NOT NULL, 
	sha TEXT DEFAULT '' NOT NULL, 
	author TEXT DEFAULT '' NOT NULL, 
	cause TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	details TEXT DEFAULT '' NOT NULL, 
	successor_sha TEXT DEFAULT '' NOT NULL, 
	seq BIGINT DEFAULT 0 NOT NULL, 
	attempts BIGINT DEFAULT 0 NOT NULL, 
	fence BIGINT DEFAULT 0 NOT NULL, 
	hints BIGINT DEFAULT 0 NOT NULL, 
	created BIGINT DEFAULT 0 NOT NULL, 
	configured BIGINT DEFAULT 0 NOT NULL, 
	unchanged BIGINT DEFAULT 0 NOT NULL, 
	deleted BIGINT DEFAULT 0 NOT NULL, 
	created_at DOUBLE DEFAULT 0 NOT NULL, 
	not_before DOUBLE DEFAULT 0 NOT NULL, 
	hint_at DOUBLE DEFAULT 0 NOT NULL, 
	started_at DOUBLE, 
	finished_at DOUBLE, 
	delivery_id BIGINT, 
	successor BIGINT, 
	successor_contains BOOLEAN DEFAULT 0 NOT NULL, 
	settled BOOLEAN DEFAULT 0 NOT NULL, cancelled_by TEXT DEFAULT '' NOT NULL, trouble_since DOUBLE, trouble_step TEXT DEFAULT '' NOT NULL, waiting_since DOUBLE, 
	PRIMARY KEY (id), 
	CONSTRAINT deployment_order UNIQUE (lane_id, seq), 
	FOREIGN KEY(lane_id) REFERENCES lane (id)
);
INSERT INTO "deployment" VALUES(1,1,'deploy','refs/tags/v1','e0','ann','push','succeeded','it succeeded','```
log
```','',1,1,1,0,1,2,7,1,1790000000.375,0.0,0.0,1790000000.75,1790000001.125,1,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(2,2,'deploy','refs/tags/v1','e1','ann','push','failed','it failed','```
log
```','',1,1,1,0,1,2,7,1,1790000001.625,0.0,0.0,1790000002.0,1790000002.375,2,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(3,3,'deploy','refs/tags/v1','e2','ann','push','errored','it errored','```
log
```','',1,1,1,0,1,2,7,1,1790000002.875,0.0,0.0,1790000003.25,1790000003.625,3,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(4,4,'deploy','refs/tags/v1','e3','ann','push','cancelled','it cancelled','```
log
```','',1,1,1,0,1,2,7,1,1790000004.125,0.0,0.0,1790000004.5,1790000004.875,4,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(5,5,'deploy','refs/heads/main','a1','ann','push','superseded','replaced by a3','','a3',1,0,0,0,0,0,0,0,1790000005.375,0.0,0.0,NULL,1790000006.875,5,7,0,1,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(6,5,'deploy','refs/heads/main','a2','ann','push','superseded','replaced by a3','','a3',2,0,0,0,0,0,0,0,1790000006.125,0.0,0.0,NULL,1790000006.875,6,7,0,1,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(7,5,'deploy','refs/heads/main','a3','ann','push','succeeded','healthy','','',3,1,1,0,0,0,0,0,1790000006.875,0.0,0.0,1790000007.25,1790000007.375,7,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(8,6,'deploy','refs/heads/main','b1','ann','push','superseded','superseded by b2, follows it','','b2',1,0,0,0,0,0,0,0,1790000008.0,0.0,0.0,NULL,1790000008.75,8,9,1,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(9,6,'deploy','refs/heads/main','b2','ann','push','queued','','','',2,0,0,0,0,0,0,0,1790000008.75,0.0,0.0,NULL,NULL,9,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(10,6,'deploy','refs/heads/main','b0','ann','push','superseded','superseded by b2, follows it','','b2',3,0,0,0,0,0,0,0,1790000009.5,0.0,0.0,NULL,1790000009.5,10,9,1,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(11,7,'deploy','refs/heads/main','c1','ann','push','running','','','c2',1,1,1,0,0,0,0,0,1790000010.25,0.0,0.0,1790000010.625,NULL,11,12,1,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(12,7,'deploy','refs/heads/main','c2','ann','push','queued','','','',2,0,0,0,0,0,0,0,1790000011.125,0.0,0.0,NULL,NULL,12,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(13,8,'deploy','refs/heads/main','d1','ann','push','queued','the cluster does not answer','','',1,1,1,0,0,0,0,0,1790000011.875,1790000252.375,0.0,1790000012.25,NULL,13,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(14,9,'deploy','refs/heads/main','d2','ann','push','queued','its worker is gone; another one goes on','','',1,1,1,0,0,0,0,0,1790000012.875,0.0,0.0,1790000013.25,NULL,14,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(15,10,'deploy','refs/heads/main','d3','ann','push','running','','','',1,1,1,0,0,0,0,0,1790000014.0,0.0,0.0,1790000014.375,NULL,15,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(16,11,'deploy','refs/heads/main','d4','ann','push','queued','','','',1,0,0,1,0,0,0,0,1790000014.875,0.0,1790000015.25,NULL,NULL,16,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(17,12,'deploy','refs/heads/main','l1','ann','push','running','','','',1,1,1,0,0,0,0,0,1790000015.75,0.0,0.0,1790000016.125,NULL,17,NULL,0,0,'',1790000016.625,'wait',1790000016.5);
INSERT INTO "deployment" VALUES(18,13,'deploy','refs/heads/main','l2','ann','push','running','','','',1,1,1,0,0,0,0,0,1790000017.125,0.0,0.0,1790000017.5,NULL,18,NULL,0,0,'ann',NULL,'',NULL);
INSERT INTO "deployment" VALUES(19,14,'deploy','refs/heads/main','k1','ann','push','queued','','','',1,0,0,0,0,0,0,0,1790000018.75,0.0,0.0,NULL,NULL,20,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(20,15,'deploy','refs/heads/main','k2','ann','push','queued','','','',1,0,0,0,0,0,0,0,1790000019.625,0.0,0.0,NULL,NULL,21,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(21,16,'plan','topic','f1','ann','pull_request','succeeded','1 to create','','',1,1,1,0,0,0,0,0,1790000020.625,0.0,0.0,1790000021.125,1790000021.25,22,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(22,17,'plan','topic','f1','ann','pull_request','failed','app.yaml:3: unknown field','','',1,1,1,0,0,0,0,0,1790000020.625,0.0,0.0,1790000021.375,1790000021.5,22,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(23,18,'plan','topic','f2','ann','pull_request','queued','','','',1,0,0,0,0,0,0,0,1790000022.0,0.0,0.0,NULL,NULL,23,NULL,0,0,'',NULL,'',NULL);
INSERT INTO "deployment" VALUES(24,19,'deploy','refs/heads/main','m1','ann','push','queued','','','',1,0,0,0,0,0,0,0,1790000025.625,0.0,0.0,NULL,NULL,27,NULL,0,0,'',NULL,'',NULL);
CREATE TABLE forge_hold (
	forge TEXT NOT NULL, 
	held_until DOUBLE DEFAULT 0 NOT NULL, 
	PRIMARY KEY (forge)
);
INSERT INTO "forge_hold" VALUES('gitlab',1790000263.875);
CREATE TABLE head (
	repository TEXT NOT NULL, 
	ref TEXT NOT NULL, 
	sha TEXT DEFAULT '' NOT NULL, 
	"before" TEXT DEFAULT '' NOT NULL, 
	found TEXT DEFAULT '' NOT NULL, 
	found_at DOUBLE DEFAULT 0 NOT NULL, 
	PRIMARY KEY (repository, ref)
);
INSERT INTO "head" VALUES('github/acme/shop','refs/heads/main','a2','a0','a3',1790000030.125);
INSERT INTO "head" VALUES('github/acme/shop','refs/tags/v1','a1','','',0.0);
CREATE TABLE hold (
	id INTEGER NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	repository TEXT DEFAULT '' NOT NULL, 
	environment TEXT DEFAULT '' NOT NULL, 
	subject TEXT DEFAULT '' NOT NULL, 
	by_whom TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	deployment BIGINT DEFAULT 0 NOT NULL, 
	since DOUBLE DEFAULT 0 NOT NULL, 
	ends_at DOUBLE, 
	plans BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT hold_once UNIQUE (kind, repository, environment, deployment, subject)
);
INSERT INTO "hold" VALUES(1,'pause','github/acme/shop','paused','','ann','we migrate',0,1790000019.125,NULL,0);
INSERT INTO "hold" VALUES(2,'gate','','','tests','ops','',20,1790000020.0,NULL,1);
INSERT INTO "hold" VALUES(3,'pause','github/acme/other','','','ann','',0,1790000020.125,1790100000.0,0);
CREATE TABLE identity (
	name TEXT NOT NULL, 
	forge TEXT DEFAULT '' NOT NULL, 
	id TEXT DEFAULT '' NOT NULL, 
	path TEXT DEFAULT '' NOT NULL, 
	rival TEXT DEFAULT '' NOT NULL, 
	seen_at DOUBLE DEFAULT 0 NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "identity" VALUES('github/acme/shop','github','17','acme/store','18',1790000028.625);
CREATE TABLE lane (
	id INTEGER NOT NULL, 
	repository TEXT DEFAULT '' NOT NULL, 
	environment TEXT DEFAULT '' NOT NULL, 
	lease_owner TEXT DEFAULT '' NOT NULL, 
	deployed_sha TEXT DEFAULT '' NOT NULL, 
	number BIGINT DEFAULT 0 NOT NULL, 
	seq BIGINT DEFAULT 0 NOT NULL, 
	fence BIGINT DEFAULT 0 NOT NULL, 
	deployed_seq BIGINT DEFAULT 0 NOT NULL, 
	running BIGINT, 
	lease_until DOUBLE DEFAULT 0 NOT NULL, 
	took_over BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT lane_once UNIQUE (repository, environment, number)
);
INSERT INTO "lane" VALUES(1,'github/acme/shop','ended-succeeded','','e0',0,1,1,1,NULL,0.0,0);
INSERT INTO "lane" VALUES(2,'github/acme/shop','ended-failed','','',0,1,1,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(3,'github/acme/shop','ended-errored','','',0,1,1,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(4,'github/acme/shop','ended-cancelled','','',0,1,1,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(5,'github/acme/shop','staging','','a3',0,3,1,3,NULL,0.0,0);
INSERT INTO "lane" VALUES(6,'github/acme/shop','followed','','',0,3,0,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(7,'github/acme/shop','running','worker','',0,2,1,0,11,1790000250.625,0);
INSERT INTO "lane" VALUES(8,'github/acme/shop','again','','',0,1,1,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(9,'github/acme/shop','orphaned','','',0,1,2,0,NULL,0.0,1);
INSERT INTO "lane" VALUES(10,'github/acme/shop','dead','worker','',0,1,1,0,15,1790000014.375,0);
INSERT INTO "lane" VALUES(11,'github/acme/shop','hinted','','',0,1,0,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(12,'github/acme/shop','troubled','worker','',0,1,1,0,17,1790000256.125,0);
INSERT INTO "lane" VALUES(13,'github/acme/shop','stopping','worker','',0,1,1,0,18,1790000257.5,0);
INSERT INTO "lane" VALUES(14,'github/acme/shop','paused','','',0,1,0,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(15,'github/acme/shop','gated','','',0,1,0,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(16,'github/acme/shop','staging','','f1',7,1,1,1,NULL,0.0,0);
INSERT INTO "lane" VALUES(17,'github/acme/shop','production','','',7,1,1,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(18,'github/acme/shop','staging','','',8,1,0,0,NULL,0.0,0);
INSERT INTO "lane" VALUES(19,'github/acme/shop','asked','','',0,1,0,0,NULL,0.0,0);
CREATE TABLE look (
	repository TEXT NOT NULL, 
	covered TEXT DEFAULT '' NOT NULL, 
	next_at DOUBLE DEFAULT 0 NOT NULL, 
	lease_owner TEXT DEFAULT '' NOT NULL, 
	lease_until DOUBLE DEFAULT 0 NOT NULL, 
	looked_at DOUBLE DEFAULT 0 NOT NULL, 
	trouble TEXT DEFAULT '' NOT NULL, 
	log_at DOUBLE DEFAULT 0 NOT NULL, 
	log_next_at DOUBLE DEFAULT 0 NOT NULL, 
	log_trouble TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (repository)
);
INSERT INTO "look" VALUES('github/acme/shop','branches tags',1790000269.5,'',0.0,1790000029.25,'github does not answer',1790000029.125,1790000269.125,'403: the token may not see webhooks');
INSERT INTO "look" VALUES('github/acme/other','',0.0,'worker',1790000209.625,0.0,'',0.0,0.0,'');
CREATE TABLE "outbox" (
	id INTEGER NOT NULL, 
	stream TEXT DEFAULT ('') NOT NULL, 
	forge TEXT DEFAULT ('') NOT NULL, 
	repository TEXT DEFAULT ('') NOT NULL, 
	kind TEXT DEFAULT ('') NOT NULL, 
	lease_owner TEXT DEFAULT ('') NOT NULL, 
	outcome TEXT DEFAULT ('') NOT NULL, 
	error TEXT DEFAULT ('') NOT NULL, 
	attempts BIGINT DEFAULT 0 NOT NULL, 
	created_at DOUBLE DEFAULT 0 NOT NULL, 
	not_before DOUBLE DEFAULT 0 NOT NULL, 
	lease_until DOUBLE DEFAULT 0 NOT NULL, 
	sent_at DOUBLE, 
	payload TEXT DEFAULT '{}' NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "outbox" VALUES(1,'status github/acme/shop e0 pushboat/ended-succeeded','github','acme/shop','status','','sent','',1,1790000000.375,0.0,0.0,1790000022.625,'{"sha": "e0", "context": "pushboat/ended-succeeded", "state": "queued", "description": "waits for a free worker", "path": "/deployments/1", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(2,'status github/acme/shop e0 pushboat/ended-succeeded','github','acme/shop','status','','collapsed','',0,1790000000.75,0.0,0.0,1790000023.125,'{"sha": "e0", "context": "pushboat/ended-succeeded", "state": "running", "description": "deploying", "path": "/deployments/1", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(3,'status github/acme/shop e0 pushboat/ended-succeeded','github','acme/shop','status','reporter','','',1,1790000001.125,0.0,1790000053.125,NULL,'{"sha": "e0", "context": "pushboat/ended-succeeded", "state": "succeeded", "description": "it succeeded", "path": "/deployments/1", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(4,'status github/acme/shop e1 pushboat/ended-failed','github','acme/shop','status','','dead','422: no commit found',1,1790000001.625,0.0,0.0,1790000022.75,'{"sha": "e1", "context": "pushboat/ended-failed", "state": "queued", "description": "waits for a free worker", "path": "/deployments/2", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(5,'status github/acme/shop e1 pushboat/ended-failed','github','acme/shop','status','','','',0,1790000002.0,0.0,0.0,NULL,'{"sha": "e1", "context": "pushboat/ended-failed", "state": "running", "description": "deploying", "path": "/deployments/2", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(6,'status github/acme/shop e1 pushboat/ended-failed','github','acme/shop','status','','','',0,1790000002.375,0.0,0.0,NULL,'{"sha": "e1", "context": "pushboat/ended-failed", "state": "failed", "description": "it failed", "path": "/deployments/2", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(7,'status github/acme/shop e2 pushboat/ended-errored','github','acme/shop','status','','','502',1,1790000002.875,1790000082.875,0.0,NULL,'{"sha": "e2", "context": "pushboat/ended-errored", "state": "queued", "description": "waits for a free worker", "path": "/deployments/3", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(8,'status github/acme/shop e2 pushboat/ended-errored','github','acme/shop','status','','','',0,1790000003.25,0.0,0.0,NULL,'{"sha": "e2", "context": "pushboat/ended-errored", "state": "running", "description": "deploying", "path": "/deployments/3", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(9,'status github/acme/shop e2 pushboat/ended-errored','github','acme/shop','status','','','',0,1790000003.625,0.0,0.0,NULL,'{"sha": "e2", "context": "pushboat/ended-errored", "state": "errored", "description": "it errored", "path": "/deployments/3", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(10,'status github/acme/shop e3 pushboat/ended-cancelled','github','acme/shop','status','reporter','','',1,1790000004.125,0.0,1790000262.5,NULL,'{"sha": "e3", "context": "pushboat/ended-cancelled", "state": "queued", "description": "waits for a free worker", "path": "/deployments/4", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(11,'status github/acme/shop e3 pushboat/ended-cancelled','github','acme/shop','status','','','',0,1790000004.5,0.0,0.0,NULL,'{"sha": "e3", "context": "pushboat/ended-cancelled", "state": "running", "description": "deploying", "path": "/deployments/4", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(12,'status github/acme/shop e3 pushboat/ended-cancelled','github','acme/shop','status','','','',0,1790000004.875,0.0,0.0,NULL,'{"sha": "e3", "context": "pushboat/ended-cancelled", "state": "cancelled", "description": "it cancelled", "path": "/deployments/4", "ref": "refs/tags/v1"}');
INSERT INTO "outbox" VALUES(13,'status github/acme/shop a1 pushboat/staging','github','acme/shop','status','','','',0,1790000005.375,0.0,0.0,NULL,'{"sha": "a1", "context": "pushboat/staging", "state": "queued", "description": "waits for a free worker", "path": "/deployments/5", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(14,'status github/acme/shop a2 pushboat/staging','github','acme/shop','status','','','',0,1790000006.125,0.0,0.0,NULL,'{"sha": "a2", "context": "pushboat/staging", "state": "queued", "description": "waits for a free worker", "path": "/deployments/6", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(15,'status github/acme/shop a1 pushboat/staging','github','acme/shop','status','','','',0,1790000006.125,0.0,0.0,NULL,'{"sha": "a1", "context": "pushboat/staging", "state": "running", "description": "superseded by a2, follows it", "path": "/deployments/5", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(16,'status github/acme/shop a3 pushboat/staging','github','acme/shop','status','','','',0,1790000006.875,0.0,0.0,NULL,'{"sha": "a3", "context": "pushboat/staging", "state": "queued", "description": "waits for a free worker", "path": "/deployments/7", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(17,'status github/acme/shop a2 pushboat/staging','github','acme/shop','status','','','',0,1790000006.875,0.0,0.0,NULL,'{"sha": "a2", "context": "pushboat/staging", "state": "cancelled", "description": "replaced by a3", "path": "/deployments/6", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(18,'status github/acme/shop a1 pushboat/staging','github','acme/shop','status','','','',0,1790000006.875,0.0,0.0,NULL,'{"sha": "a1", "context": "pushboat/staging", "state": "cancelled", "description": "replaced by a3", "path": "/deployments/5", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(19,'status github/acme/shop a3 pushboat/staging','github','acme/shop','status','','','',0,1790000007.25,0.0,0.0,NULL,'{"sha": "a3", "context": "pushboat/staging", "state": "running", "description": "deploying", "path": "/deployments/7", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(20,'status github/acme/shop a3 pushboat/staging','github','acme/shop','status','','','',0,1790000007.375,0.0,0.0,NULL,'{"sha": "a3", "context": "pushboat/staging", "state": "succeeded", "description": "healthy", "path": "/deployments/7", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(21,'status github/acme/shop b1 pushboat/followed','github','acme/shop','status','','','',0,1790000008.0,0.0,0.0,NULL,'{"sha": "b1", "context": "pushboat/followed", "state": "queued", "description": "waits for a free worker", "path": "/deployments/8", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(22,'status github/acme/shop b2 pushboat/followed','github','acme/shop','status','','','',0,1790000008.75,0.0,0.0,NULL,'{"sha": "b2", "context": "pushboat/followed", "state": "queued", "description": "waits for a free worker", "path": "/deployments/9", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(23,'status github/acme/shop b1 pushboat/followed','github','acme/shop','status','','','',0,1790000008.75,0.0,0.0,NULL,'{"sha": "b1", "context": "pushboat/followed", "state": "running", "description": "superseded by b2, follows it", "path": "/deployments/8", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(24,'status github/acme/shop b0 pushboat/followed','github','acme/shop','status','','','',0,1790000009.5,0.0,0.0,NULL,'{"sha": "b0", "context": "pushboat/followed", "state": "running", "description": "superseded by b2, follows it", "path": "/deployments/10", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(25,'status github/acme/shop c1 pushboat/running','github','acme/shop','status','','','',0,1790000010.25,0.0,0.0,NULL,'{"sha": "c1", "context": "pushboat/running", "state": "queued", "description": "waits for a free worker", "path": "/deployments/11", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(26,'status github/acme/shop c1 pushboat/running','github','acme/shop','status','','','',0,1790000010.625,0.0,0.0,NULL,'{"sha": "c1", "context": "pushboat/running", "state": "running", "description": "deploying", "path": "/deployments/11", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(27,'status github/acme/shop c2 pushboat/running','github','acme/shop','status','','','',0,1790000011.125,0.0,0.0,NULL,'{"sha": "c2", "context": "pushboat/running", "state": "queued", "description": "waits for deployment 11, which runs", "path": "/deployments/12", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(28,'status github/acme/shop d1 pushboat/again','github','acme/shop','status','','','',0,1790000011.875,0.0,0.0,NULL,'{"sha": "d1", "context": "pushboat/again", "state": "queued", "description": "waits for a free worker", "path": "/deployments/13", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(29,'status github/acme/shop d1 pushboat/again','github','acme/shop','status','','','',0,1790000012.25,0.0,0.0,NULL,'{"sha": "d1", "context": "pushboat/again", "state": "running", "description": "deploying", "path": "/deployments/13", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(30,'status github/acme/shop d1 pushboat/again','github','acme/shop','status','','','',0,1790000012.375,0.0,0.0,NULL,'{"sha": "d1", "context": "pushboat/again", "state": "running", "description": "the cluster does not answer; again in 240 s", "path": "/deployments/13", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(31,'status github/acme/shop d2 pushboat/orphaned','github','acme/shop','status','','','',0,1790000012.875,0.0,0.0,NULL,'{"sha": "d2", "context": "pushboat/orphaned", "state": "queued", "description": "waits for a free worker", "path": "/deployments/14", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(32,'status github/acme/shop d2 pushboat/orphaned','github','acme/shop','status','','','',0,1790000013.25,0.0,0.0,NULL,'{"sha": "d2", "context": "pushboat/orphaned", "state": "running", "description": "deploying", "path": "/deployments/14", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(33,'status github/acme/shop d2 pushboat/orphaned','github','acme/shop','status','','','',0,1790000013.5,0.0,0.0,NULL,'{"sha": "d2", "context": "pushboat/orphaned", "state": "running", "description": "its worker is gone; another one goes on; waits for a free worker", "path": "/deployments/14", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(34,'status github/acme/shop d3 pushboat/dead','github','acme/shop','status','','','',0,1790000014.0,0.0,0.0,NULL,'{"sha": "d3", "context": "pushboat/dead", "state": "queued", "description": "waits for a free worker", "path": "/deployments/15", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(35,'status github/acme/shop d3 pushboat/dead','github','acme/shop','status','','','',0,1790000014.375,0.0,0.0,NULL,'{"sha": "d3", "context": "pushboat/dead", "state": "running", "description": "deploying", "path": "/deployments/15", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(36,'status github/acme/shop d4 pushboat/hinted','github','acme/shop','status','','','',0,1790000014.875,0.0,0.0,NULL,'{"sha": "d4", "context": "pushboat/hinted", "state": "queued", "description": "waits for a free worker", "path": "/deployments/16", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(37,'status github/acme/shop l1 pushboat/troubled','github','acme/shop','status','','','',0,1790000015.75,0.0,0.0,NULL,'{"sha": "l1", "context": "pushboat/troubled", "state": "queued", "description": "waits for a free worker", "path": "/deployments/17", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(38,'status github/acme/shop l1 pushboat/troubled','github','acme/shop','status','','','',0,1790000016.125,0.0,0.0,NULL,'{"sha": "l1", "context": "pushboat/troubled", "state": "running", "description": "deploying", "path": "/deployments/17", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(39,'status github/acme/shop l2 pushboat/stopping','github','acme/shop','status','','','',0,1790000017.125,0.0,0.0,NULL,'{"sha": "l2", "context": "pushboat/stopping", "state": "queued", "description": "waits for a free worker", "path": "/deployments/18", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(40,'status github/acme/shop l2 pushboat/stopping','github','acme/shop','status','','','',0,1790000017.5,0.0,0.0,NULL,'{"sha": "l2", "context": "pushboat/stopping", "state": "running", "description": "deploying", "path": "/deployments/18", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(41,'status github/acme/shop k1 pushboat/paused','github','acme/shop','status','','','',0,1790000018.75,0.0,0.0,NULL,'{"sha": "k1", "context": "pushboat/paused", "state": "queued", "description": "waits for a free worker", "path": "/deployments/19", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(42,'status github/acme/shop k1 pushboat/paused','github','acme/shop','status','','','',0,1790000019.125,0.0,0.0,NULL,'{"sha": "k1", "context": "pushboat/paused", "state": "queued", "description": "paused by ann since 2026-09-21 14:13 UTC: we migrate", "path": "/deployments/19", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(43,'status github/acme/shop k2 pushboat/gated','github','acme/shop','status','','','',0,1790000019.625,0.0,0.0,NULL,'{"sha": "k2", "context": "pushboat/gated", "state": "queued", "description": "waits for a free worker", "path": "/deployments/20", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(44,'status github/acme/shop k2 pushboat/gated','github','acme/shop','status','','','',0,1790000020.0,0.0,0.0,NULL,'{"sha": "k2", "context": "pushboat/gated", "state": "queued", "description": "held back (gate) by ops", "path": "/deployments/20", "ref": "refs/heads/main"}');
INSERT INTO "outbox" VALUES(45,'status github/acme/shop f1 pushboat/plan/staging','github','acme/shop','status','','','',0,1790000020.625,0.0,0.0,NULL,'{"sha": "f1", "context": "pushboat/plan/staging", "state": "queued", "description": "waits for a free worker", "path": "/plans/21", "ref": "topic"}');
INSERT INTO "outbox" VALUES(46,'status github/acme/shop f1 pushboat/plan/production','github','acme/shop','status','','','',0,1790000020.625,0.0,0.0,NULL,'{"sha": "f1", "context": "pushboat/plan/production", "state": "queued", "description": "waits for a free worker", "path": "/plans/22", "ref": "topic"}');
INSERT INTO "outbox" VALUES(47,'status github/acme/shop f1 pushboat/plan/staging','github','acme/shop','status','','','',0,1790000021.125,0.0,0.0,NULL,'{"sha": "f1", "context": "pushboat/plan/staging", "state": "running", "description": "planning", "path": "/plans/21", "ref": "topic"}');
INSERT INTO "outbox" VALUES(48,'status github/acme/shop f1 pushboat/plan/staging','github','acme/shop','status','','','',0,1790000021.25,0.0,0.0,NULL,'{"sha": "f1", "context": "pushboat/plan/staging", "state": "succeeded", "description": "1 to create", "path": "/plans/21", "ref": "topic"}');
INSERT INTO "outbox" VALUES(49,'status github/acme/shop f1 pushboat/plan/production','github','acme/shop','status','','','',0,1790000021.375,0.0,0.0,NULL,'{"sha": "f1", "context": "pushboat/plan/production", "state": "running", "description": "planning", "path": "/plans/22", "ref": "topic"}');
INSERT INTO "outbox" VALUES(50,'status github/acme/shop f1 pushboat/plan/production','github','acme/shop','status','','','',0,1790000021.5,0.0,0.0,NULL,'{"sha": "f1", "context": "pushboat/plan/production", "state": "failed", "description": "app.yaml:3: unknown field", "path": "/plans/22", "ref": "topic"}');
INSERT INTO "outbox" VALUES(51,'status github/acme/shop f1 pushboat/plan','github','acme/shop','status','','','',0,1790000021.5,0.0,0.0,NULL,'{"sha": "f1", "context": "pushboat/plan", "state": "failed", "description": "production: app.yaml:3: unknown field", "path": "/plans/22", "ref": "topic"}');
INSERT INTO "outbox" VALUES(52,'status github/acme/shop f2 pushboat/plan/staging','github','acme/shop','status','','','',0,1790000022.0,0.0,0.0,NULL,'{"sha": "f2", "context": "pushboat/plan/staging", "state": "queued", "description": "waits for a free worker", "path": "/plans/23", "ref": "topic"}');
INSERT INTO "outbox" VALUES(53,'comment github/acme/shop 7','github','acme/shop','reply','','','',0,1790000023.625,0.0,0.0,NULL,'{"number": 7, "body": "deploys `staging`", "marker": "pushboat:53"}');
INSERT INTO "outbox" VALUES(54,'status github/acme/shop g pushboat','github','acme/shop','status','','','',0,1790000023.625,0.0,0.0,NULL,'{"sha": "g", "context": "pushboat", "state": "failed", "description": "bad", "path": "/deliveries/24", "ref": ""}');
INSERT INTO "outbox" VALUES(55,'status github/acme/shop m1 pushboat/asked','github','acme/shop','status','','','',0,1790000025.625,0.0,0.0,NULL,'{"sha": "m1", "context": "pushboat/asked", "state": "queued", "description": "waits for a free worker", "path": "/deployments/24", "ref": "refs/heads/main"}');
CREATE TABLE process (
	name TEXT NOT NULL, 
	pid BIGINT NOT NULL, 
	beat_at DOUBLE DEFAULT 0 NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (name, pid)
);
INSERT INTO "process" VALUES('worker',101,1790000030.25,'');
INSERT INTO "process" VALUES('dispatcher',100,1790000030.375,'broker: ok');
CREATE TABLE progress (
	id INTEGER NOT NULL, 
	deployment_id BIGINT NOT NULL, 
	at DOUBLE DEFAULT 0 NOT NULL, 
	phase TEXT DEFAULT '' NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(deployment_id) REFERENCES deployment (id)
);
INSERT INTO "progress" VALUES(1,1,1790000000.875,'checkout','checked out deploy/ at e');
INSERT INTO "progress" VALUES(2,1,1790000001.0,'apply','applying 2 objects');
INSERT INTO "progress" VALUES(3,2,1790000002.125,'checkout','checked out deploy/ at e');
INSERT INTO "progress" VALUES(4,2,1790000002.25,'apply','applying 2 objects');
INSERT INTO "progress" VALUES(5,3,1790000003.375,'checkout','checked out deploy/ at e');
INSERT INTO "progress" VALUES(6,3,1790000003.5,'apply','applying 2 objects');
INSERT INTO "progress" VALUES(7,4,1790000004.625,'checkout','checked out deploy/ at e');
INSERT INTO "progress" VALUES(8,4,1790000004.75,'apply','applying 2 objects');
INSERT INTO "progress" VALUES(9,18,1790000018.0,'cancel','told to stop: cancelled by ann');
CREATE TABLE pull_request (
	repository TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	head TEXT DEFAULT '' NOT NULL, 
	"before" TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (repository, number)
);
INSERT INTO "pull_request" VALUES('github/acme/shop',7,'m1','m0');
CREATE TABLE repository (
	name TEXT NOT NULL, 
	lease_owner TEXT DEFAULT '' NOT NULL, 
	lease_until DOUBLE DEFAULT 0 NOT NULL, 
	not_before DOUBLE DEFAULT 0 NOT NULL, 
	hint_at DOUBLE DEFAULT 0 NOT NULL, 
	fence BIGINT DEFAULT 0 NOT NULL, 
	hints BIGINT DEFAULT 0 NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "repository" VALUES('github/acme/shop','router',1790000268.5,1790000268.125,0.0,29,0);
INSERT INTO "repository" VALUES('gitlab/acme/asks','',0.0,0.0,1790000026.75,0,1);
INSERT INTO "repository" VALUES('gitlab/acme/other','',0.0,0.0,0.0,0,0);
CREATE INDEX delivery_repository ON delivery (repository, id);
CREATE INDEX delivery_sha ON delivery (sha);
CREATE INDEX delivery_verdict ON delivery (verdict, id);
CREATE INDEX lane_running ON lane (running) WHERE running IS NOT NULL;
CREATE INDEX deployment_unfinished ON deployment (lane_id, seq) WHERE state IN ('queued', 'running');
CREATE INDEX deployment_hints ON deployment (hint_at) WHERE state = 'queued';
CREATE INDEX deployment_sha ON deployment (sha);
CREATE INDEX deployment_successor ON deployment (successor);
CREATE INDEX progress_deployment ON progress (deployment_id, id);
CREATE INDEX outbox_unsent ON outbox (stream, id) WHERE sent_at IS NULL;
CREATE INDEX outbox_next ON outbox (forge, id) WHERE sent_at IS NULL;
CREATE INDEX ask_delivery ON ask (delivery_id);
CREATE INDEX audit_delivery ON audit (delivery_id);
CREATE INDEX audit_repository ON audit (repository, id);
CREATE INDEX identity_id ON identity (forge, id);
CREATE INDEX delivery_whole ON delivery (received_at) WHERE event <> '';
CREATE INDEX delivery_forgotten ON delivery (received_at) WHERE event = '';
CREATE INDEX deployment_ended ON deployment (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX deployment_state ON deployment (state, id);
CREATE INDEX deployment_lane_state ON deployment (lane_id, state, id);
CREATE INDEX outbox_posted ON outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX delivery_unrouted ON delivery (repository, id, routed_at) WHERE routed_at IS NULL;
CREATE INDEX delivery_stream ON delivery (repository, stream, id, routed_at) WHERE routed_at IS NULL;
COMMIT;
