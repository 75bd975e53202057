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
CREATE INDEX `test_sign_ins_person` ON `test_sign_ins` (`person_id`);