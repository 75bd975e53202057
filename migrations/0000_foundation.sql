CREATE TABLE `event_details` (
	`event_id` text PRIMARY KEY NOT NULL,
	`organization_id` text,
	`person_id` text,
	`detail` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `event_details_expiry` ON `event_details` (`expires_at`);--> statement-breakpoint
CREATE INDEX `event_details_person` ON `event_details` (`organization_id`,`person_id`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`organization_id` text,
	`type` text NOT NULL,
	`outcome` text NOT NULL,
	`code` text,
	`connection_id` text,
	`person_id` text,
	`actor` text NOT NULL,
	`request_id` text NOT NULL,
	`facts` text
);
--> statement-breakpoint
CREATE INDEX `events_organization` ON `events` (`organization_id`,`id`);--> statement-breakpoint
CREATE INDEX `events_type` ON `events` (`organization_id`,`type`,`id`);--> statement-breakpoint
CREATE INDEX `events_person` ON `events` (`organization_id`,`person_id`,`id`);--> statement-breakpoint
CREATE TABLE `refusal_counts` (
	`connection_id` text NOT NULL,
	`hour` integer NOT NULL,
	`code` text NOT NULL,
	`organization_id` text,
	`count` integer NOT NULL,
	PRIMARY KEY(`connection_id`, `hour`, `code`)
);
--> statement-breakpoint
CREATE TABLE `connection_certificates` (
	`connection_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`sha256` text NOT NULL,
	`der` text NOT NULL,
	`not_before` integer NOT NULL,
	`not_after` integer NOT NULL,
	`origin` text NOT NULL,
	`added_at` integer NOT NULL,
	`last_verified_at` integer,
	`retire_at` integer,
	`warned_days` integer,
	PRIMARY KEY(`connection_id`, `sha256`),
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `connection_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`purpose` text NOT NULL,
	`state` text NOT NULL,
	`certificate` text NOT NULL,
	`private_key_sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `connection_keys_connection` ON `connection_keys` (`connection_id`);--> statement-breakpoint
CREATE TABLE `connection_testers` (
	`connection_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`value_key` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`connection_id`, `kind`, `value_key`),
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `connections` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`name` text NOT NULL,
	`status` text DEFAULT 'draft' NOT NULL,
	`idp_entity_id` text NOT NULL,
	`sso_url` text NOT NULL,
	`sso_binding` text DEFAULT 'redirect' NOT NULL,
	`slo_url` text,
	`tenant_id` text,
	`metadata_url` text,
	`allow_idp_initiated` integer DEFAULT false NOT NULL,
	`accept_unsolicited` integer DEFAULT false NOT NULL,
	`force_authn` integer DEFAULT false NOT NULL,
	`sign_requests` integer DEFAULT false NOT NULL,
	`extra_skew_seconds` integer DEFAULT 0 NOT NULL,
	`identity_claim` text,
	`claim_names` text DEFAULT '{}' NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `connections_organization` ON `connections` (`organization_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `consumed` (
	`key` text PRIMARY KEY NOT NULL,
	`nonce` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `consumed_expiry` ON `consumed` (`expires_at`);--> statement-breakpoint
CREATE TABLE `domains` (
	`organization_id` text NOT NULL,
	`domain` text NOT NULL,
	`challenge` text NOT NULL,
	`verified_at` integer,
	`verified_by` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `domain`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `domains_verified` ON `domains` (`domain`) WHERE verified_at is not null;--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`key` text PRIMARY KEY NOT NULL,
	`request_sha256` text NOT NULL,
	`resource_id` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_expiry` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `organizations` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`sign_in` text DEFAULT 'optional' NOT NULL,
	`session_hours` integer DEFAULT 24 NOT NULL,
	`first_login` integer DEFAULT true NOT NULL,
	`scim` integer DEFAULT true NOT NULL,
	`default_role` text DEFAULT 'member' NOT NULL,
	`app_origins` text DEFAULT '[]' NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `organizations_slug_unique` ON `organizations` (`slug`);--> statement-breakpoint
CREATE TABLE `recovery_links` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`person_id` text NOT NULL,
	`token_sha256` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `recovery_links_tokenSha256_unique` ON `recovery_links` (`token_sha256`);--> statement-breakpoint
CREATE INDEX `recovery_links_organization` ON `recovery_links` (`organization_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `identities` (
	`organization_id` text NOT NULL,
	`key` text NOT NULL,
	`person_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`bound_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `key`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `identities_person` ON `identities` (`person_id`);--> statement-breakpoint
CREATE TABLE `people` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`connection_id` text,
	`user_name` text NOT NULL,
	`user_name_key` text NOT NULL,
	`external_id` text,
	`active` integer DEFAULT true NOT NULL,
	`denied_by_scim` integer DEFAULT false NOT NULL,
	`denied_by_graph` integer DEFAULT false NOT NULL,
	`denied_by_manual` integer DEFAULT false NOT NULL,
	`created_by` text NOT NULL,
	`scim_at` integer,
	`profile` text NOT NULL,
	`provenance` text NOT NULL,
	`groups` text DEFAULT '[]' NOT NULL,
	`roles` text DEFAULT '[]' NOT NULL,
	`mapping_version` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`last_sign_in_at` integer,
	`retired_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `people_user_name` ON `people` (`organization_id`,`user_name_key`) WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX `people_organization` ON `people` (`organization_id`,`id`);--> statement-breakpoint
CREATE TABLE `source_views` (
	`person_id` text NOT NULL,
	`source` text NOT NULL,
	`organization_id` text NOT NULL,
	`connection_id` text,
	`attributes` text NOT NULL,
	`sha256` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`person_id`, `source`),
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `tombstones` (
	`organization_id` text NOT NULL,
	`key` text NOT NULL,
	`person_id` text NOT NULL,
	`at` integer NOT NULL,
	`lifted_at` integer,
	PRIMARY KEY(`organization_id`, `key`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`token_sha256` text NOT NULL,
	`organization_id` text NOT NULL,
	`person_id` text NOT NULL,
	`connection_id` text,
	`session_index` text,
	`name_id` text,
	`name_id_format` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_tokenSha256_unique` ON `sessions` (`token_sha256`);--> statement-breakpoint
CREATE INDEX `sessions_person` ON `sessions` (`organization_id`,`person_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `sessions_index` ON `sessions` (`connection_id`,`session_index`);--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`public_jwk` text NOT NULL,
	`private_key_sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	`retire_at` integer
);
