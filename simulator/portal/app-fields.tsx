import type { App } from '../directory/index.ts'
import { CheckField, SelectField, TextAreaField, TextField } from '../pages/index.ts'
import { sourceNames } from '../saml/index.ts'
import { claimLine } from './app-form.ts'

/** The settings of an application. */
export function AppFields({ app }: { readonly app: App }) {
  return (
    <>
      <Basics app={app} />
      <Claims app={app} />
      <Tokens app={app} />
      <Requests app={app} />
    </>
  )
}

function Basics({ app }: { readonly app: App }) {
  return (
    <fieldset>
      <legend>Basic SAML configuration</legend>
      <TextField name="displayName" label="Name" value={app.displayName} required />
      <TextField
        name="spMetadataUrl"
        label="Take over from metadata at"
        hint="Replaces identifier, reply URLs, logout URL and verification certificates"
        type="url"
        value=""
      />
      <TextAreaField
        name="identifiers"
        label="Identifiers (Entity ID), one a line"
        value={app.identifiers.join('\n')}
      />
      <TextAreaField
        name="replyUrls"
        label="Reply URLs (Assertion Consumer Service URL), one a line, the default first"
        value={app.replyUrls.join('\n')}
      />
      <div class="columns">
        <TextField name="signOnUrl" label="Sign on URL" type="url" value={app.signOnUrl} />
        <TextField name="logoutUrl" label="Logout URL" type="url" value={app.logoutUrl} />
        <TextField name="relayState" label="Relay State" value={app.relayState} />
      </div>
      <CheckField
        name="assignmentRequired"
        label="Assignment required"
        checked={app.assignmentRequired}
      />
      <CheckField name="isVisible" label="Visible in My Apps" checked={app.isVisible} />
    </fieldset>
  )
}

function Claims({ app }: { readonly app: App }) {
  return (
    <fieldset>
      <legend>Attributes and claims</legend>
      <div class="columns">
        <SelectField
          name="nameIdSource"
          label="Name ID from"
          value={app.nameId.source}
          options={sourceNames}
        />
        <SelectField
          name="nameIdFormat"
          label="Name ID format"
          value={app.nameId.format}
          options={['emailAddress', 'persistent', 'unspecified', 'transient']}
        />
        <SelectField
          name="nameIdTransformation"
          label="Name ID transformation"
          value={app.nameId.transformation ?? ''}
          options={[['', 'None'], 'ToLowercase', 'ToUppercase', 'ExtractMailPrefix']}
        />
        <SelectField
          name="groupClaims"
          label="Groups in the token"
          value={app.groupClaims}
          options={[
            ['none', 'None'],
            ['all', 'All groups'],
            ['assigned', 'Groups assigned to the application'],
          ]}
        />
        <SelectField
          name="groupClaimValue"
          label="Groups are named by"
          value={app.groupClaimValue}
          options={[
            ['id', 'Object ID'],
            ['displayName', 'Display name'],
          ]}
        />
      </div>
      <TextAreaField
        name="claims"
        label="Additional claims, one a line"
        hint='name = user.department, or name = "a constant"'
        value={app.claims.map(claimLine).join('\n')}
      />
      <TextAreaField
        name="appRoles"
        label="App roles, one value a line"
        value={app.appRoles.map(({ value }) => value).join('\n')}
      />
      <CheckField
        name="sendsAuthenticationMethods"
        label="Send authentication methods (optional claim amr)"
        checked={app.sendsAuthenticationMethods}
      />
      <CheckField
        name="appendsAppIdToIssuer"
        label="Append application ID to issuer"
        checked={app.appendsAppIdToIssuer}
      />
    </fieldset>
  )
}

function Tokens({ app }: { readonly app: App }) {
  return (
    <fieldset>
      <legend>Signing and encryption</legend>
      <div class="columns">
        <SelectField
          name="signingOption"
          label="Signing option"
          value={app.signingOption}
          options={[
            ['assertion', 'Sign SAML assertion'],
            ['response', 'Sign SAML response'],
            ['both', 'Sign SAML response and assertion'],
          ]}
        />
        <SelectField
          name="signingAlgorithm"
          label="Signing algorithm"
          value={app.signingAlgorithm}
          options={[
            ['sha256', 'SHA-256'],
            ['sha1', 'SHA-1'],
          ]}
        />
        <SelectField
          name="encryptionContent"
          label="Content encryption"
          value={app.encryptionContent}
          options={['aes256-cbc', 'aes256-gcm']}
        />
        <SelectField
          name="encryptionTransport"
          label="Key encryption"
          value={app.encryptionTransport}
          options={['rsa-oaep-mgf1p', 'rsa-oaep']}
        />
      </div>
      <TextField
        name="clockSkewSeconds"
        label="Clock is off by (seconds)"
        hint="Entra’s is right; negative: slow"
        value={String(app.clockSkewSeconds)}
      />
      <CheckField
        name="encrypts"
        label="Encrypt tokens"
        checked={app.tokenEncryptionKeyId !== null}
        hint={`Active certificate: ${app.tokenEncryptionKeyId ?? 'none'}`}
      />
      <TextAreaField
        name="encryptionCertificate"
        label="New encryption certificate"
        hint="PEM or base64; it becomes the active one"
        value=""
      />
    </fieldset>
  )
}

function Requests({ app }: { readonly app: App }) {
  return (
    <fieldset>
      <legend>Requests and sign-out</legend>
      <CheckField
        name="requireSignedRequests"
        label="Require verification certificates"
        checked={app.requireSignedRequests}
      />
      <CheckField
        name="allowSha1Requests"
        label="Allow requests signed with RSA-SHA1"
        checked={app.allowSha1Requests}
      />
      <TextAreaField
        name="verificationCertificates"
        label="Replace verification certificates"
        hint={`PEM, one after the other; ${app.verificationCertificates.length} uploaded, the last two are tried`}
        value=""
      />
      <CheckField
        name="signsLogoutMessages"
        label="Sign logout messages (Entra does not)"
        checked={app.signsLogoutMessages}
      />
      <SelectField
        name="logoutNameId"
        label="Name ID in logout requests"
        value={app.logoutNameId}
        options={[
          ['same', 'As in the assertion'],
          ['pairwise', 'Another one, as was seen'],
        ]}
      />
    </fieldset>
  )
}
