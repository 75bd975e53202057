import type { User } from '../directory/index.ts'
import { SelectField, TextAreaField, TextField } from '../pages/index.ts'
import { extensionText } from './extension-text.ts'

/** What the form of a user has. */
export function UserFields({ user, isNew }: { readonly user: User; readonly isNew: boolean }) {
  return (
    <>
      <fieldset>
        <legend>Identity</legend>
        {!isNew && (
          <p class="soft">
            Object ID <code>{user.id}</code>
          </p>
        )}
        <div class="columns">
          <TextField name="displayName" label="Display name" value={user.displayName} required />
          <TextField
            name="userPrincipalName"
            label="User principal name"
            value={isNew && user.displayName === '' ? '' : user.userPrincipalName}
            hint="Made from the display name when empty"
          />
          <TextField name="givenName" label="First name" value={user.givenName} />
          <TextField name="surname" label="Last name" value={user.surname} />
          <TextField name="mail" label="Mail" value={user.mail} />
          <TextField name="mailNickname" label="Mail nickname" value={user.mailNickname} />
          <SelectField
            name="userType"
            label="User type"
            value={user.userType}
            options={['Member', 'Guest']}
          />
          <TextField
            name="homeSignInName"
            label="Guest’s name at home"
            value={user.homeSignInName}
          />
          <SelectField
            name="authentication"
            label="Signs in with"
            value={user.authentication}
            options={[
              ['password', 'Password'],
              ['mfa', 'Password and second factor'],
              ['passkey', 'Passkey or Windows Hello'],
              ['certificate', 'Certificate'],
            ]}
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>Job and contact</legend>
        <div class="columns">
          <TextField name="jobTitle" label="Job title" value={user.jobTitle} />
          <TextField name="department" label="Department" value={user.department} />
          <TextField name="employeeId" label="Employee ID" value={user.employeeId} />
          <TextField name="companyName" label="Company" value={user.companyName} />
          <TextField name="officeLocation" label="Office" value={user.officeLocation} />
          <TextField name="managerId" label="Manager’s object ID" value={user.managerId} />
          <TextField name="mobilePhone" label="Mobile phone" value={user.mobilePhone} />
          <TextField name="faxNumber" label="Fax" value={user.faxNumber} />
          <TextField name="streetAddress" label="Street" value={user.streetAddress} />
          <TextField name="city" label="City" value={user.city} />
          <TextField name="state" label="State" value={user.state} />
          <TextField name="postalCode" label="Postal code" value={user.postalCode} />
          <TextField name="country" label="Country" value={user.country} />
          <TextField
            name="preferredLanguage"
            label="Preferred language"
            value={user.preferredLanguage}
          />
          <TextField name="usageLocation" label="Usage location" value={user.usageLocation} />
          <TextField name="employeeType" label="Employee type" value={user.employeeType} />
          <TextField
            name="division"
            label="Division"
            value={user.employeeOrgData?.division ?? null}
          />
          <TextField
            name="costCenter"
            label="Cost center"
            value={user.employeeOrgData?.costCenter ?? null}
          />
          <TextAreaField
            name="businessPhones"
            label="Business phones, one a line"
            value={user.businessPhones.join('\n')}
          />
          <TextAreaField
            name="extensionAttributes"
            label="Extension attributes, one a line"
            hint="extensionAttribute1 = text, or extension_{appId without dashes}_{name} = text, number, true or a JSON list"
            value={extensionText(user.extensionAttributes)}
          />
        </div>
      </fieldset>
    </>
  )
}
