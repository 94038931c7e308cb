import { Field, InputType, ObjectType } from 'type-graphql';

@ObjectType('MfaRequired', { description: 'The first factor was right; `verifyMfa` takes the second one.' })
export class MfaRequiredType {
  @Field(() => String, { description: 'For `verifyMfa`, once.' })
  challengeToken!: string;

  @Field(() => Date)
  expiresAt!: Date;
}

@ObjectType('TotpEnrollment', {
  description: 'For an authenticator app. It counts once `confirmTotpEnrollment` has been given a code of it.',
})
export class TotpEnrollmentType {
  @Field(() => String, { description: 'Base 32, for typing. Shown this once.' })
  secret!: string;

  @Field(() => String)
  otpauthUri!: string;

  @Field(() => String, { description: 'The URI as a QR code: an SVG document.' })
  qrSvg!: string;
}

@InputType('VerifyMfaInput', { description: 'Either `code` or `recoveryCode`.' })
export class VerifyMfaInput {
  @Field(() => String)
  challengeToken!: string;

  @Field(() => String, { nullable: true, description: 'What the app shows now.' })
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'One of those shown when the second factor was turned on.' })
  recoveryCode?: string | null;
}
