CREATE TABLE `console_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`token_sha256` text NOT NULL,
	`kind` text NOT NULL,
	`organization_id` text,
	`setup_link_id` text,
	`key_sha256` text,
	`access_subject` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`confirmed_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`setup_link_id`) REFERENCES `setup_links`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `console_sessions_tokenSha256_unique` ON `console_sessions` (`token_sha256`);--> statement-breakpoint
CREATE INDEX `console_sessions_expiry` ON `console_sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `counted_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`last_event_id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `daily_counts` (
	`organization_id` text NOT NULL,
	`day` integer NOT NULL,
	`type` text NOT NULL,
	`outcome` text NOT NULL,
	`code` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `day`, `type`, `outcome`, `code`)
);
--> statement-breakpoint
CREATE INDEX `daily_counts_day` ON `daily_counts` (`day`);--> statement-breakpoint
CREATE TABLE `setup_links` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`name` text NOT NULL,
	`parts` text NOT NULL,
	`token_sha256` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `setup_links_tokenSha256_unique` ON `setup_links` (`token_sha256`);--> statement-breakpoint
CREATE INDEX `setup_links_organization` ON `setup_links` (`organization_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `setup_links_expiry` ON `setup_links` (`expires_at`);--> statement-breakpoint
CREATE TABLE `setup_steps` (
	`organization_id` text NOT NULL,
	`step` text NOT NULL,
	`done_at` integer NOT NULL,
	`actor` text NOT NULL,
	PRIMARY KEY(`organization_id`, `step`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `sign_in_times` (
	`organization_id` text NOT NULL,
	`day` integer NOT NULL,
	`bucket_ms` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `day`, `bucket_ms`)
);
--> statement-breakpoint
CREATE INDEX `sign_in_times_day` ON `sign_in_times` (`day`);--> statement-breakpoint
CREATE TABLE `test_sign_ins` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`token_sha256` text NOT NULL,
	`status` text DEFAULT 'waiting' NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	`create_person` integer DEFAULT false NOT NULL,
	`person_id` text,
	`report` text,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `test_sign_ins_tokenSha256_unique` ON `test_sign_ins` (`token_sha256`);--> statement-breakpoint
CREATE INDEX `test_sign_ins_connection` ON `test_sign_ins` (`organization_id`,`connection_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `test_sign_ins_expiry` ON `test_sign_ins` (`expires_at`);--> statement-breakpoint
CREATE INDEX `test_sign_ins_person` ON `test_sign_ins` (`person_id`);--> statement-breakpoint
ALTER TABLE `people` ADD `search_name` text;--> statement-breakpoint
ALTER TABLE `people` ADD `search_family` text;--> statement-breakpoint
ALTER TABLE `people` ADD `search_email` text;--> statement-breakpoint
CREATE INDEX `people_search_name` ON `people` (`organization_id`,`search_name`,`id`) WHERE search_name <> '';--> statement-breakpoint
CREATE INDEX `people_search_family` ON `people` (`organization_id`,`search_family`,`id`) WHERE search_family <> '';--> statement-breakpoint
CREATE INDEX `people_search_email` ON `people` (`organization_id`,`search_email`,`id`) WHERE search_email <> '';--> statement-breakpoint
CREATE INDEX `people_unsearchable` ON `people` (`id`) WHERE search_name is null;--> statement-breakpoint
CREATE INDEX `people_retired_name` ON `people` (`organization_id`,`user_name_key`,`id`) WHERE retired_at is not null;--> statement-breakpoint
CREATE INDEX `people_retired` ON `people` (`organization_id`,`id`) WHERE retired_at is not null;--> statement-breakpoint
CREATE INDEX `people_blocked` ON `people` (`organization_id`,`id`) WHERE denied_by_manual = 1 and retired_at is null;--> statement-breakpoint
CREATE INDEX `people_inactive` ON `people` (`organization_id`,`id`) WHERE active = 0 and retired_at is null;--> statement-breakpoint
CREATE INDEX `people_not_by_scim` ON `people` (`organization_id`,`created_by`,`id`) WHERE created_by <> 'scim';--> statement-breakpoint
ALTER TABLE `sessions` ADD `authn_at` integer;--> statement-breakpoint
CREATE INDEX `events_outcome` ON `events` (`organization_id`,`outcome`,`id`) WHERE outcome <> 'success';--> statement-breakpoint
CREATE INDEX `events_code` ON `events` (`organization_id`,`code`,`id`) WHERE code is not null;--> statement-breakpoint
CREATE INDEX `groups_search` ON `groups` (`organization_id`,`display_name_key`,`id`);