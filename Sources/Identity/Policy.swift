import Core
package import Web

/// Who may do what. Pure functions over one table; what the table does not allow is refused.
package enum Policy {
    /// `anyone` includes callers without a credential; `members` is everybody with one, `people` everybody who has
    /// signed in, `staff` whoever works for the platform on the cases of others.
    private static let table = """
        action                scope                  who
        vehicle.read          -                      anyone
        history.read          -                      anyone
        report.read           -                      anyone
        entry.read            -                      anyone
        event_kinds.read      -                      anyone
        verify                -                      anyone
        proof.read            -                      anyone
        log.read              -                      anyone

        event.append          events:write           admin dealer workshop insurer authority
        event.import          events:write           admin dealer workshop insurer authority
        entry.correct         events:write           admin dealer workshop insurer authority
        payload.erase         payloads:erase         admin

        listing.read          -                      anyone
        listing.search        -                      anyone
        listing.create        listings:write         admin dealer
        listing.update        listings:write         admin dealer
        listing.list          organization:read      admin dealer auditor
        photo.read            -                      anyone
        listing_dispute.list  organization:read      admin auditor
        listing_dispute.settle organizations:manage  admin

        pricing.estimate      -                      anyone
        pricing.read          -                      anyone
        pricing.manage        pricing:manage         admin
        stock_alert.read      organization:read      admin dealer auditor
        stock_alert.update    listings:write         admin dealer
        warranty_plans.read   -                      anyone
        warranty_plans.publish warranties:write      admin
        warranty.quote        warranties:write       admin dealer
        warranty.issue        warranties:write       admin dealer
        warranty.update       warranties:write       admin dealer
        warranty.read         organization:read      admin dealer auditor staff
        entitlement.redeem    warranties:write       admin dealer

        claim.file            claims:write           admin dealer claims_junior claims_senior claims_manager buyer
        claim.read            claims:read            admin dealer auditor staff buyer
        claim.step            claims:write           dealer staff buyer
        claim.work            claims:write           claims_junior claims_senior claims_manager
        claim.decide          claims:write           claims_junior claims_senior claims_manager
        claim.rule            claims:write           claims_senior claims_manager
        claim.pay             claims:write           finance
        claim.team            claims:write           claims_manager
        advance.request       claims:write           claims_junior claims_senior claims_manager
        advance.read          claims:read            admin dealer auditor staff
        advance.decide        claims:write           claims_junior claims_senior claims_manager
        advance.chief         claims:write           claims_senior claims_manager
        advance.pay           claims:write           finance
        deposit.read          claims:read            admin dealer auditor staff
        claim.figures         claims:read            admin auditor staff
        dealer_notice.read    claims:read            admin dealer auditor staff
        warranty.hold         claims:write           buyer
        warranty.held         claims:read            buyer
        book.read             claims:read            admin finance auditor
        book.post             claims:write           finance
        job.read              claims:read            admin finance auditor
        job.retry             claims:write           admin finance
        complaint.file        claims:write           claims_junior claims_senior claims_manager buyer
        complaint.read        claims:read            admin auditor staff buyer
        complaint.work        claims:write           claims_junior claims_senior claims_manager
        complaint.goodwill    claims:write           claims_junior claims_senior claims_manager
        complaint.batches     claims:read            admin auditor staff

        import.create         listings:write         admin dealer
        import.cancel         listings:write         admin dealer
        import.read           organization:read      admin dealer auditor
        import_mapping.write  listings:write         admin dealer
        import_mapping.read   organization:read      admin dealer auditor

        watch.create          watches:write          admin dealer workshop insurer authority auditor
        watch.read            organization:read      admin dealer workshop insurer authority auditor
        watch.update          watches:write          admin dealer workshop insurer authority auditor

        organization.create   organizations:manage   admin
        organization.suspend  organizations:manage   admin
        organization.list     organization:read      admin auditor
        organization.read     organization:read      admin dealer workshop insurer authority auditor
        organization.update   organization:write     admin dealer workshop insurer authority

        key.create            keys:write             admin dealer workshop insurer authority auditor
        key.list              organization:read      admin dealer workshop insurer authority auditor
        key.revoke            keys:write             admin dealer workshop insurer authority auditor

        signing_key.create    keys:write             admin dealer workshop insurer authority
        signing_key.list      organization:read      admin dealer workshop insurer authority auditor
        signing_key.revoke    keys:write             admin dealer workshop insurer authority

        person.list           people:manage          admin dealer workshop insurer authority auditor
        person.update         people:manage          admin dealer workshop insurer authority auditor
        certificate.grant     people:manage          admin
        certificate.revoke    people:manage          admin
        invitation.create     people:manage          admin dealer workshop insurer authority auditor
        invitation.approve    people:manage          admin
        invitation.cancel     people:manage          admin dealer workshop insurer authority auditor
        invitation.accept     -                      anyone

        session.create        -                      anyone
        session.manage        -                      people
        session.step_up       -                      people
        password.change       -                      people
        password.reset        -                      anyone
        recovery_codes.renew  -                      people
        subject.find          subjects:read          admin
        subject.read          subjects:read          admin
        subject.reveal        subjects:reveal        admin
        subject.log           audit:read             admin auditor
        subject.export        subjects:reveal        admin
        subject.erase         subjects:manage        admin
        subject.hold          subjects:manage        admin
        outbox.list           subjects:read          admin
        outbox.reveal         subjects:reveal        admin

        audit.read            audit:read             admin dealer workshop insurer authority auditor
        metrics.read          metrics:read           admin auditor
        me.read               -                      members
        """

    package struct Rule: Sendable, Hashable {
        package let isPublic: Bool
        package let roles: Set<Role>
        package let scope: Scope?
        /// Whether an API key is refused, because it is nobody.
        package let isForPeople: Bool

        package init(isPublic: Bool, roles: Set<Role>, scope: Scope?, isForPeople: Bool = false) {
            self.isPublic = isPublic
            self.roles = roles
            self.scope = scope
            self.isForPeople = isForPeople
        }
    }

    package static let rules = parse(table)

    /// What gives somebody else a way in, or touches money or personal data: the second factor has to have been shown
    /// within minutes (OWASP ASVS 4.0, V4.3 as recalled). An API key has none, and is held to its scopes.
    package static let stepUp: Set<Action> = [
        .keyCreate, .signingKeyCreate, .personUpdate, .certificateGrant, .certificateRevoke, .invitationCreate,
        .invitationApprove, .passwordChange, .recoveryCodesRenew, .payloadErase, .subjectReveal, .subjectExport,
        .subjectErase, .outboxReveal, .claimDecide, .claimPay, .advanceDecide, .advanceChief, .advancePay,
        .complaintGoodwill, .bookPost,
    ]

    /// What everybody may do with the own account, whatever has become of a certificate.
    private static let own: Set<Action> = [
        .meRead, .sessionManage, .sessionStepUp, .passwordChange, .recoveryCodesRenew,
    ]

    /// For `Endpoint`.
    package static func authorize(_ action: Action) -> @Sendable (Principal?) -> AccessDecision {
        { principal in decide(action, for: principal) }
    }

    package static func decide(_ action: Action, for principal: Principal?) -> AccessDecision {
        let rule = rules[action]
        if rule?.isPublic == true { return .allowed }
        guard let principal else { return .unauthenticated }
        guard let rule, rule.roles.contains(principal.role) else { return .forbidden(roleRefused(action, principal)) }
        if let scope = rule.scope, !principal.scopes.contains(scope.rawValue) { return .forbidden(scopeMissing(scope)) }
        guard let session = principal.session else { return rule.isForPeople ? .forbidden(nobody) : .allowed }
        if !session.isCertified, !own.contains(action) { return .forbidden(certificateMissing(principal)) }
        return stepUp.contains(action) && !session.isSteppedUp ? .stepUpNeeded : .allowed
    }

    /// Whether the things of `organization` are this caller's to change. Where they are not, the answer is that there
    /// is no such thing, never that it is forbidden: that would tell a competitor that it exists.
    package static func owns(_ principal: Principal?, _ organization: String) -> Bool {
        guard let principal else { return false }
        return principal.role == .admin || principal.organization == organization
    }

    /// Whether the things of `organization` are this caller's to look at.
    package static func sees(_ principal: Principal?, _ organization: String) -> Bool {
        owns(principal, organization) || principal?.role == .auditor
    }

    /// Whether the things of `organization` are this caller's to look at in his work: the platform's own staff settles
    /// the claims of every dealer's customers.
    package static func attends(_ principal: Principal?, to organization: String) -> Bool {
        sees(principal, organization) || principal?.role.isStaff == true
    }

    // MARK: Reasons

    private static func roleRefused(_ action: Action, _ principal: Principal) -> LocalizedText {
        LocalizedText(
            zh: "角色 \(principal.role.rawValue) 无权执行 \(action.rawValue)",
            en: "The role \(principal.role.rawValue) may not do \(action.rawValue)"
        )
    }

    private static let nobody = LocalizedText(
        zh: "此操作须由登录的人员执行，不能使用 API 密钥",
        en: "Only somebody who has signed in can do this, not an API key"
    )

    private static func certificateMissing(_ principal: Principal) -> LocalizedText {
        LocalizedText(
            zh: "角色 \(principal.role.rawValue) 所需的上岗证书已过期、被撤销或尚未颁发",
            en:
                "The role \(principal.role.rawValue) takes a certificate, and this one has none that is valid"
        )
    }

    private static func scopeMissing(_ scope: Scope) -> LocalizedText {
        LocalizedText(
            zh: "当前密钥缺少权限范围 \(scope.rawValue)",
            en: "This key lacks the scope \(scope.rawValue)"
        )
    }

    // MARK: Reading the table

    /// A line that cannot be read in full grants nothing: a misspelt role must not let anybody in, or leave a scope
    /// out.
    static func parse(_ table: String) -> [Action: Rule] {
        var rules: [Action: Rule] = [:]
        for line in table.split(separator: "\n").dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 3, let action = Action(rawValue: words[0]), rules[action] == nil else { continue }
            rules[action] = rule(scope: words[1], who: words.dropFirst(2))
        }
        return rules
    }

    private static func rule(scope name: String, who: some Collection<String>) -> Rule? {
        let scope = Scope(rawValue: name)
        guard scope != nil || name == "-" else { return nil }
        switch who.first {
        case "anyone": return Rule(isPublic: true, roles: Set(Role.allCases), scope: scope)
        case "people":
            return Rule(isPublic: false, roles: Set(Role.allCases), scope: scope, isForPeople: true)
        case "members": return Rule(isPublic: false, roles: Set(Role.allCases), scope: scope)
        default:
            let roles = who.map { name in
                name == "staff" ? Role.allCases.filter(\.isStaff) : Role.allCases.filter { $0.rawValue == name }
            }
            guard roles.allSatisfy({ !$0.isEmpty }) else { return nil }
            return Rule(isPublic: false, roles: Set(roles.joined()), scope: scope)
        }
    }
}
