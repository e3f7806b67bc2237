import type { SecretStorage } from 'vscode';

/** API keys, one per provider and address: a key is never sent to another address than the one it was given for. */
export class ApiKeys {
  constructor(private readonly storage: SecretStorage) {}

  async find(provider: string, baseUrl: string | undefined): Promise<string | undefined> {
    return this.storage.get(nameOf(provider, baseUrl));
  }

  async store(provider: string, baseUrl: string | undefined, key: string): Promise<void> {
    await this.storage.store(nameOf(provider, baseUrl), key);
  }
}

function nameOf(provider: string, baseUrl: string | undefined): string {
  return baseUrl === undefined
    ? `enterprise.apiKey:${provider}`
    : `enterprise.apiKey:${provider}@${originOf(baseUrl)}`;
}

function originOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl;
}
