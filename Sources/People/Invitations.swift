import Core
package import Cryptography
package import Identity
package import Storage
import Web

/// The verbs on invitations. Each is called inside a transaction, and leaves its record in the audit trail there.
package struct Invitations: Sendable {
    let vault: SubjectVault
    let factors: SecondFactors
    let pepper: SecretBytes

    /// - Parameter pepper: `KeyMaterial.signInPepper`.
    package init(vault: SubjectVault, factors: SecondFactors, pepper: SecretBytes) {
        self.vault = vault
        self.factors = factors
        self.pepper = pepper
    }

    /// People and open invitations of one organisation.
    package static let peopleMaximum: Int64 = 500
    private static let purpose = "invitation"

    /// - Parameters:
    ///   - actor: `usr_…` or `key_…`, who asks.
    ///   - isApproved: for the operator at the machine, who needs nobody's approval.
    /// - Returns: the invitation and what opens it, which cannot be had again.
    /// - Throws: `loginTaken`, `tooManyPeople`.
    package func create(
        _ tx: any Transaction,
        _ draft: Invitation.Draft,
        to organization: Organization,
        by actor: String,
        isApproved: Bool = false,
        from origin: Origin
    ) throws -> (invitation: Invitation, token: LinkToken) {
        let login = draft.login.code(pepper: pepper)
        if try PersonStore.exists(tx, login: login) { throw Failure(.loginTaken) }
        guard try InvitationStore.countWithPeople(tx, organization.id) < Invitations.peopleMaximum else {
            throw Failure(.tooManyPeople)
        }
        let subject = try vault.create(tx, [.name: draft.name, draft.login.field: draft.login.text])
        // Where there is nobody to ask for the second yes, the first administrator needs none.
        let needsSecond =
            try !isApproved && StaffRoles.takesTwo(draft.role)
            && PersonStore.hasActive(tx, .admin, of: organization.id)
        return try insert(tx, login, to: organization.id, by: actor, .invitationCreate, origin) { now in
            Invitation(
                id: InvitationID(at: now),
                organization: organization.id,
                subject: subject,
                role: draft.role,
                scopes: draft.scopes,
                person: nil,
                invitedBy: actor,
                invitedAt: now,
                approvedBy: needsSecond ? nil : actor,
                expiresAt: now.adding(seconds: Invitation.validSeconds),
                closedAt: nil,
                isAccepted: false
            )
        }
    }

    /// Lets somebody in again who has lost the second factor: a new one, a new password, and every session ends.
    package func reset(
        _ tx: any Transaction,
        _ person: Person,
        by actor: String,
        from origin: Origin
    ) throws -> (invitation: Invitation, token: LinkToken) {
        guard let organization = person.organization, let login = try InvitationStore.login(tx, of: person.id) else {
            throw Failure(.notFound)
        }
        try Sessions.endAll(tx, of: person.id, because: .secondFactorReset)
        return try insert(tx, login, to: organization, by: actor, .personUpdate, origin) { now in
            Invitation(
                id: InvitationID(at: now),
                organization: organization,
                subject: person.subject,
                role: person.role,
                scopes: person.scopes,
                person: person.id,
                invitedBy: actor,
                invitedAt: now,
                approvedBy: actor,
                expiresAt: now.adding(seconds: Invitation.validSeconds),
                closedAt: nil,
                isAccepted: false
            )
        }
    }

    /// - Throws: `notFound`, `invitationClosed`, `secondPersonNeeded`.
    package func approve(
        _ tx: any Transaction,
        _ id: InvitationID,
        of organization: OrganizationID,
        by actor: String,
        from origin: Origin
    ) throws -> Invitation {
        let invitation = try get(tx, id, of: organization)
        guard invitation.state(at: tx.now) == .awaitingApproval else { throw Failure(.invitationClosed) }
        try SeparationOfDuties.requireAnother(than: invitation.invitedBy, by: actor)
        guard try InvitationStore.approve(tx, id, by: actor) else { throw Failure(.invitationClosed) }
        try note(tx, invitation, .invitationApprove, origin)
        return try get(tx, id, of: organization)
    }

    /// - Throws: `notFound`, `invitationClosed`.
    package func cancel(
        _ tx: any Transaction,
        _ id: InvitationID,
        of organization: OrganizationID,
        from origin: Origin
    ) throws {
        let invitation = try get(tx, id, of: organization)
        switch invitation.state(at: tx.now) {
        case .cancelled, .expired: return
        case .accepted: throw Failure(.invitationClosed)
        case .awaitingApproval, .open: break
        }
        guard try InvitationStore.close(tx, id, isAccepted: false) else { throw Failure(.invitationClosed) }
        try note(tx, invitation, .invitationCancel, origin)
    }

    /// - Throws: `notFound` for another organisation's, too.
    package func get(_ tx: any Transaction, _ id: InvitationID, of organization: OrganizationID) throws -> Invitation {
        guard let invitation = try InvitationStore.find(tx, id), invitation.organization == organization else {
            throw Failure(.notFound)
        }
        return invitation
    }

    /// An invitation that can be accepted, and the secret for the app of whoever does.
    ///
    /// - Throws: `invalidLink`, whatever is wrong with it.
    package func open(_ tx: any Transaction, _ token: LinkToken) throws -> (invitation: Invitation, totp: TOTP) {
        let code = token.code(Invitations.purpose, pepper: pepper)
        guard let (invitation, sealed) = try InvitationStore.find(tx, code: code),
            invitation.state(at: tx.now) == .open
        else { throw Failure(.invalidLink) }
        return (invitation, try factors.open(sealed, of: invitation.subject.text))
    }

    /// - Returns: who is in now, and the recovery codes, which cannot be had again.
    /// - Throws: `invalidLink`, `wrongCode`, `loginTaken`.
    package func accept(
        _ tx: any Transaction,
        _ token: LinkToken,
        password: PasswordHash,
        code: String,
        from origin: Origin
    ) throws -> (person: Person, recoveryCodes: [RecoveryCode]) {
        let (invitation, totp) = try open(tx, token)
        guard let step = try totp.accept(code, at: tx.now, after: nil) else { throw Failure(.wrongCode) }
        guard try InvitationStore.close(tx, invitation.id, isAccepted: true) else { throw Failure(.invalidLink) }
        let sealed = try factors.seal(totp, of: invitation.subject.text)
        let person =
            try invitation.person.map { id in
                try renew(tx, id, password, sealed, step)
            } ?? join(tx, invitation, password, sealed, step)
        try note(tx, invitation, .invitationAccept, origin, [.init("person", JSON(person.id))])
        return (person, try factors.issueRecoveryCodes(tx, to: person.id))
    }

    // MARK: -

    private func renew(
        _ tx: any Transaction,
        _ id: PersonID,
        _ password: PasswordHash,
        _ totp: [UInt8],
        _ step: Int64
    ) throws -> Person {
        guard let person = try PersonStore.find(tx, id) else { throw Failure(.invalidLink) }
        try PersonStore.setPassword(tx, id, password)
        try PersonStore.setSecondFactor(tx, id, totp: totp, step: step)
        try Sessions.endAll(tx, of: id, because: .secondFactorReset)
        return person
    }

    private func join(
        _ tx: any Transaction,
        _ invitation: Invitation,
        _ password: PasswordHash,
        _ totp: [UInt8],
        _ step: Int64
    ) throws -> Person {
        guard let login = try InvitationStore.login(tx, of: invitation.id) else { throw Failure(.invalidLink) }
        if try PersonStore.exists(tx, login: login) { throw Failure(.loginTaken) }
        let person = Person(
            id: PersonID(at: tx.now),
            organization: invitation.organization,
            subject: invitation.subject,
            role: invitation.role,
            scopes: invitation.scopes,
            suspendedAt: nil,
            version: 1,
            createdAt: tx.now
        )
        try PersonStore.insert(tx, person, login: login, password: password, totp: totp, step: step)
        return person
    }

    private func insert(
        _ tx: any Transaction,
        _ login: Digest,
        to organization: OrganizationID,
        by actor: String,
        _ action: Action,
        _ origin: Origin,
        _ make: (Instant) -> Invitation
    ) throws -> (invitation: Invitation, token: LinkToken) {
        let invitation = make(tx.now)
        let token = LinkToken.random()
        try InvitationStore.insert(
            tx,
            invitation,
            login: login,
            code: token.code(Invitations.purpose, pepper: pepper),
            totp: try factors.seal(TOTP.random(), of: invitation.subject.text)
        )
        try note(tx, invitation, action, origin)
        return (invitation, token)
    }

    private func note(
        _ tx: any Transaction,
        _ invitation: Invitation,
        _ action: Action,
        _ origin: Origin,
        _ detail: [JSON.Member] = []
    ) throws {
        let what: [JSON.Member] = [
            .init("role", JSON(invitation.role.rawValue)),
            .init("scopes", .array(invitation.scopes.names.map(JSON.string))),
        ]
        try AuditTrail.append(
            tx,
            AuditEntry(
                chain: invitation.organization.text,
                action: action.rawValue,
                origin: origin,
                subject: invitation.id.text,
                detail: what + detail
            )
        )
    }
}
