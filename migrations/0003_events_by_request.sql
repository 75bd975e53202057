CREATE INDEX `events_request` ON `events` (`organization_id`,`request_id`,`id`);--> statement-breakpoint
CREATE INDEX `refusal_counts_organization` ON `refusal_counts` (`organization_id`,`hour`,`connection_id`,`code`);--> statement-breakpoint
CREATE INDEX `refusal_counts_hour` ON `refusal_counts` (`hour`);--> statement-breakpoint
CREATE INDEX `connection_certificates_expiry` ON `connection_certificates` (`not_after`);