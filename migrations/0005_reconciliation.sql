CREATE TABLE `attribute_definitions` (
	`organization_id` text NOT NULL,
	`key` text NOT NULL,
	`key_folded` text NOT NULL,
	`label` text NOT NULL,
	`description` text,
	`type` text NOT NULL,
	`multi_valued` integer DEFAULT false NOT NULL,
	`default_value` text,
	`required` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `key_folded`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `mappings` (
	`organization_id` text PRIMARY KEY NOT NULL,
	`rules` text NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `brake_counts` (
	`organization_id` text NOT NULL,
	`connection_id` text DEFAULT '' NOT NULL,
	`what` text NOT NULL,
	`hour` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `connection_id`, `what`, `hour`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `brake_counts_hour` ON `brake_counts` (`hour`);--> statement-breakpoint
CREATE TABLE `drift_items` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`connection_id` text DEFAULT '' NOT NULL,
	`run_id` text NOT NULL,
	`kind` text NOT NULL,
	`person_id` text,
	`group_id` text,
	`object_id` text,
	`attribute` text,
	`stated` text,
	`held` text,
	`rule` text NOT NULL,
	`action` text NOT NULL,
	`state` text NOT NULL,
	`fingerprint` text NOT NULL,
	`at` integer NOT NULL,
	`decided_at` integer,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`run_id`) REFERENCES `reconcile_runs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `drift_items_run` ON `drift_items` (`run_id`,`id`);--> statement-breakpoint
CREATE INDEX `drift_items_organization` ON `drift_items` (`organization_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `drift_items_person` ON `drift_items` (`person_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `drift_items_once` ON `drift_items` (`organization_id`,`run_id`,`fingerprint`);--> statement-breakpoint
CREATE UNIQUE INDEX `drift_items_open` ON `drift_items` (`organization_id`,`connection_id`,`fingerprint`) WHERE state in ('open', 'dismissed');--> statement-breakpoint
CREATE TABLE `graph_credentials` (
	`organization_id` text NOT NULL,
	`connection_id` text DEFAULT '' NOT NULL,
	`tenant_id` text NOT NULL,
	`client_id` text NOT NULL,
	`app_id` text NOT NULL,
	`kind` text NOT NULL,
	`secret_sealed` text NOT NULL,
	`certificate` text,
	`expires_at` integer,
	`warned_days` integer,
	`checked_at` integer,
	`checked` text,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `connection_id`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `graph_credentials_expiry` ON `graph_credentials` (`expires_at`);--> statement-breakpoint
CREATE TABLE `graph_users` (
	`organization_id` text NOT NULL,
	`connection_id` text DEFAULT '' NOT NULL,
	`object_id` text NOT NULL,
	`person_id` text,
	`assigned` integer NOT NULL,
	`app_roles` text DEFAULT '[]' NOT NULL,
	`state` text NOT NULL,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `connection_id`, `object_id`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `graph_users_person` ON `graph_users` (`person_id`);--> statement-breakpoint
CREATE TABLE `metadata_refreshes` (
	`connection_id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`due_at` integer NOT NULL,
	`checked_at` integer,
	`failure` text,
	`failures` integer DEFAULT 0 NOT NULL,
	`pending` text,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `metadata_refreshes_due` ON `metadata_refreshes` (`due_at`);--> statement-breakpoint
CREATE TABLE `reconcile_leases` (
	`organization_id` text PRIMARY KEY NOT NULL,
	`generation` integer NOT NULL,
	`run_id` text NOT NULL,
	`until` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `reconcile_pages` (
	`run_id` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text DEFAULT '' NOT NULL,
	`page` integer NOT NULL,
	`organization_id` text NOT NULL,
	`ids` text NOT NULL,
	PRIMARY KEY(`run_id`, `kind`, `subject`, `page`),
	FOREIGN KEY (`run_id`) REFERENCES `reconcile_runs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `reconcile_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`connection_id` text DEFAULT '' NOT NULL,
	`kind` text NOT NULL,
	`trigger` text NOT NULL,
	`status` text NOT NULL,
	`dry_run` integer DEFAULT false NOT NULL,
	`is_full` integer DEFAULT false NOT NULL,
	`step` text NOT NULL,
	`cursor` text DEFAULT '{}' NOT NULL,
	`counts` text DEFAULT '{}' NOT NULL,
	`read_started_at` integer,
	`held` text,
	`failure` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`continue_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `reconcile_runs_held` ON `reconcile_runs` (`organization_id`) WHERE status = 'held';--> statement-breakpoint
CREATE INDEX `reconcile_runs_organization` ON `reconcile_runs` (`organization_id`,`id`);--> statement-breakpoint
CREATE INDEX `reconcile_runs_unfinished` ON `reconcile_runs` (`continue_at`) WHERE status in ('queued', 'running', 'paused');--> statement-breakpoint
CREATE TABLE `reconcilers` (
	`organization_id` text NOT NULL,
	`connection_id` text DEFAULT '' NOT NULL,
	`settings` text DEFAULT '{}' NOT NULL,
	`due_at` integer,
	`delta_link` text,
	`delta_at` integer,
	`last_full_at` integer,
	`version` integer DEFAULT 1 NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `connection_id`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `reconcilers_due` ON `reconcilers` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
ALTER TABLE `connection_certificates` ADD `retired_at` integer;--> statement-breakpoint
ALTER TABLE `organizations` ADD `mapping_version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `people` ADD `erase_at` integer;--> statement-breakpoint
CREATE INDEX `people_erase` ON `people` (`erase_at`) WHERE erase_at is not null;