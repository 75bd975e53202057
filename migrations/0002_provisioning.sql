-- WITHOUT ROWID is written by hand: drizzle-kit cannot say it, and these tables are their keys.
CREATE TABLE `group_members` (
	`group_id` text NOT NULL,
	`member_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`source` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`group_id`, `member_id`),
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `group_members_member` ON `group_members` (`member_id`,`group_id`);--> statement-breakpoint
CREATE TABLE `groups` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`connection_id` text DEFAULT '' NOT NULL,
	`display_name` text NOT NULL,
	`display_name_key` text NOT NULL,
	`external_id` text,
	`view` text NOT NULL,
	`folded` text NOT NULL,
	`member_count` integer DEFAULT 0 NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`modified_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_display_name` ON `groups` (`organization_id`,`connection_id`,`display_name_key`);--> statement-breakpoint
CREATE INDEX `groups_external_id` ON `groups` (`organization_id`,`external_id`);--> statement-breakpoint
CREATE INDEX `groups_listed` ON `groups` (`organization_id`,`connection_id`,`id`);--> statement-breakpoint
CREATE TABLE `person_keys` (
	`organization_id` text NOT NULL,
	`attribute` text NOT NULL,
	`value` text NOT NULL,
	`person_id` text NOT NULL,
	PRIMARY KEY(`organization_id`, `attribute`, `value`, `person_id`),
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `person_keys_person` ON `person_keys` (`person_id`);--> statement-breakpoint
CREATE TABLE `resource_counts` (
	`organization_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`kind` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `connection_id`, `kind`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `scim_client_secrets` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`secret_sha256` text NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`warned_days` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `scim_clients`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `scim_client_secrets_client` ON `scim_client_secrets` (`client_id`);--> statement-breakpoint
CREATE TABLE `scim_clients` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`connection_id` text,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`federation` text,
	`disabled_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `scim_clients_organization` ON `scim_clients` (`organization_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `scim_read_counts` (
	`organization_id` text NOT NULL,
	`token_id` text NOT NULL,
	`hour` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `token_id`, `hour`)
);
--> statement-breakpoint
CREATE TABLE `scim_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`connection_id` text,
	`client_id` text,
	`name` text NOT NULL,
	`token_sha256` text NOT NULL,
	`scopes` text DEFAULT '["read","write"]' NOT NULL,
	`expires_at` integer,
	`disabled_at` integer,
	`last_used_at` integer,
	`warned_days` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`client_id`) REFERENCES `scim_clients`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `scim_tokens_tokenSha256_unique` ON `scim_tokens` (`token_sha256`);--> statement-breakpoint
CREATE INDEX `scim_tokens_organization` ON `scim_tokens` (`organization_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `scim_tokens_expiry` ON `scim_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `scim_users` (
	`person_id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`view` text NOT NULL,
	`folded` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`modified_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `organizations` ADD `role_rules` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `organizations` ADD `keep_provisioned_values` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `tombstones` ADD `was_blocked` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `people_listed` ON `people` (`organization_id`,`connection_id`,`id`) WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX `people_external_id` ON `people` (`organization_id`,`external_id`);--> statement-breakpoint
-- What follows is written by hand: drizzle-kit knows no triggers. Counts are kept here and nowhere else.
-- People and groups that exist already; a sign-in's people get the object id that they are bound to.
UPDATE `people` SET `external_id` = (SELECT substr(`key`, -36) FROM `identities` WHERE `person_id` = `people`.`id` AND `key` LIKE 'entra:%') WHERE `external_id` IS NULL AND `scim_at` IS NULL;--> statement-breakpoint
INSERT INTO `resource_counts` (`organization_id`, `connection_id`, `kind`, `count`) SELECT `organization_id`, coalesce(`connection_id`, ''), 'users', count(*) FROM `people` WHERE `retired_at` IS NULL GROUP BY 1, 2;--> statement-breakpoint
CREATE TRIGGER `people_counted_on_insert` AFTER INSERT ON `people` WHEN new.`retired_at` IS NULL BEGIN INSERT INTO `resource_counts` (`organization_id`, `connection_id`, `kind`, `count`) VALUES (new.`organization_id`, coalesce(new.`connection_id`, ''), 'users', 1) ON CONFLICT (`organization_id`, `connection_id`, `kind`) DO UPDATE SET `count` = `count` + 1; END;--> statement-breakpoint
CREATE TRIGGER `people_counted_on_delete` AFTER DELETE ON `people` WHEN old.`retired_at` IS NULL BEGIN UPDATE `resource_counts` SET `count` = `count` - 1 WHERE `organization_id` = old.`organization_id` AND `connection_id` = coalesce(old.`connection_id`, '') AND `kind` = 'users'; END;--> statement-breakpoint
CREATE TRIGGER `people_counted_on_retire` AFTER UPDATE OF `retired_at` ON `people` WHEN old.`retired_at` IS NULL AND new.`retired_at` IS NOT NULL BEGIN UPDATE `resource_counts` SET `count` = `count` - 1 WHERE `organization_id` = old.`organization_id` AND `connection_id` = coalesce(old.`connection_id`, '') AND `kind` = 'users'; UPDATE `groups` SET `version` = `version` + 1 WHERE `id` IN (SELECT `group_id` FROM `group_members` WHERE `member_id` = old.`id`); DELETE FROM `group_members` WHERE `member_id` = old.`id`; DELETE FROM `person_keys` WHERE `person_id` = old.`id`; END;--> statement-breakpoint
CREATE TRIGGER `people_counted_on_move` AFTER UPDATE OF `connection_id` ON `people` WHEN new.`retired_at` IS NULL AND old.`connection_id` IS NOT new.`connection_id` BEGIN UPDATE `resource_counts` SET `count` = `count` - 1 WHERE `organization_id` = old.`organization_id` AND `connection_id` = coalesce(old.`connection_id`, '') AND `kind` = 'users'; INSERT INTO `resource_counts` (`organization_id`, `connection_id`, `kind`, `count`) VALUES (new.`organization_id`, coalesce(new.`connection_id`, ''), 'users', 1) ON CONFLICT (`organization_id`, `connection_id`, `kind`) DO UPDATE SET `count` = `count` + 1; END;--> statement-breakpoint
CREATE TRIGGER `people_members_on_delete` AFTER DELETE ON `people` BEGIN UPDATE `groups` SET `version` = `version` + 1 WHERE `id` IN (SELECT `group_id` FROM `group_members` WHERE `member_id` = old.`id`); DELETE FROM `group_members` WHERE `member_id` = old.`id`; END;--> statement-breakpoint
CREATE TRIGGER `groups_counted_on_insert` AFTER INSERT ON `groups` BEGIN INSERT INTO `resource_counts` (`organization_id`, `connection_id`, `kind`, `count`) VALUES (new.`organization_id`, new.`connection_id`, 'groups', 1) ON CONFLICT (`organization_id`, `connection_id`, `kind`) DO UPDATE SET `count` = `count` + 1; END;--> statement-breakpoint
CREATE TRIGGER `groups_counted_on_delete` AFTER DELETE ON `groups` BEGIN UPDATE `resource_counts` SET `count` = `count` - 1 WHERE `organization_id` = old.`organization_id` AND `connection_id` = old.`connection_id` AND `kind` = 'groups'; UPDATE `groups` SET `version` = `version` + 1 WHERE `id` IN (SELECT `group_id` FROM `group_members` WHERE `member_id` = old.`id`); DELETE FROM `group_members` WHERE `member_id` = old.`id`; END;--> statement-breakpoint
CREATE TRIGGER `groups_counted_on_move` AFTER UPDATE OF `connection_id` ON `groups` WHEN old.`connection_id` IS NOT new.`connection_id` BEGIN UPDATE `resource_counts` SET `count` = `count` - 1 WHERE `organization_id` = old.`organization_id` AND `connection_id` = old.`connection_id` AND `kind` = 'groups'; INSERT INTO `resource_counts` (`organization_id`, `connection_id`, `kind`, `count`) VALUES (new.`organization_id`, new.`connection_id`, 'groups', 1) ON CONFLICT (`organization_id`, `connection_id`, `kind`) DO UPDATE SET `count` = `count` + 1; END;--> statement-breakpoint
CREATE TRIGGER `group_members_counted_on_insert` AFTER INSERT ON `group_members` BEGIN UPDATE `groups` SET `member_count` = `member_count` + 1 WHERE `id` = new.`group_id`; END;--> statement-breakpoint
CREATE TRIGGER `group_members_counted_on_delete` AFTER DELETE ON `group_members` BEGIN UPDATE `groups` SET `member_count` = `member_count` - 1 WHERE `id` = old.`group_id`; END;
