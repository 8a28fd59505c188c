/// Every operation that somebody may be allowed or refused. A new endpoint starts with a line here and one in `Policy`.
package enum Action: String, Sendable, Hashable, CaseIterable {
    case vehicleRead = "vehicle.read"
    case historyRead = "history.read"
    case reportRead = "report.read"
    case entryRead = "entry.read"
    case eventKindsRead = "event_kinds.read"
    case verify

    case eventAppend = "event.append"
    case eventImport = "event.import"
    case entryCorrect = "entry.correct"
    case payloadErase = "payload.erase"

    case listingCreate = "listing.create"
    case listingRead = "listing.read"
    case listingUpdate = "listing.update"
    case listingList = "listing.list"
    case listingDisputeList = "listing_dispute.list"
    case listingDisputeSettle = "listing_dispute.settle"

    case organizationCreate = "organization.create"
    case organizationRead = "organization.read"
    case organizationList = "organization.list"
    case organizationUpdate = "organization.update"
    case organizationSuspend = "organization.suspend"

    case keyCreate = "key.create"
    case keyList = "key.list"
    case keyRevoke = "key.revoke"

    case signingKeyCreate = "signing_key.create"
    case signingKeyList = "signing_key.list"
    case signingKeyRevoke = "signing_key.revoke"

    case personList = "person.list"
    case personUpdate = "person.update"
    case certificateGrant = "certificate.grant"
    case certificateRevoke = "certificate.revoke"
    case invitationCreate = "invitation.create"
    case invitationApprove = "invitation.approve"
    case invitationCancel = "invitation.cancel"
    case invitationAccept = "invitation.accept"

    case sessionCreate = "session.create"
    case sessionManage = "session.manage"
    case sessionStepUp = "session.step_up"
    case passwordChange = "password.change"
    case passwordReset = "password.reset"
    case recoveryCodesRenew = "recovery_codes.renew"
    case subjectFind = "subject.find"
    case subjectRead = "subject.read"
    case subjectReveal = "subject.reveal"
    case subjectLog = "subject.log"
    case subjectExport = "subject.export"
    case subjectErase = "subject.erase"
    case subjectHold = "subject.hold"
    case outboxList = "outbox.list"
    case outboxReveal = "outbox.reveal"

    case auditRead = "audit.read"
    case metricsRead = "metrics.read"
    case meRead = "me.read"
}
