CREATE INDEX `scim_client_secrets_expiry` ON `scim_client_secrets` (`expires_at`);--> statement-breakpoint
CREATE INDEX `scim_tokens_client` ON `scim_tokens` (`client_id`);