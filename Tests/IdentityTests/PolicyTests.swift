import Core
import Support
import Testing
import Web

@testable import Identity

@Suite struct PolicyTests {
    /// `+` allowed, `-` forbidden, `?` has to say who it is first. The columns after `anon` are the roles.
    private static let expected = TextTable(
        """
        action                anon admin dealer workshop insurer authority junior senior manager finance auditor buyer
        vehicle.read          +    +     +      +        +       +         +      +      +       +       +       +
        history.read          +    +     +      +        +       +         +      +      +       +       +       +
        report.read           +    +     +      +        +       +         +      +      +       +       +       +
        entry.read            +    +     +      +        +       +         +      +      +       +       +       +
        event_kinds.read      +    +     +      +        +       +         +      +      +       +       +       +
        verify                +    +     +      +        +       +         +      +      +       +       +       +
        proof.read            +    +     +      +        +       +         +      +      +       +       +       +
        log.read              +    +     +      +        +       +         +      +      +       +       +       +
        event.append          ?    +     +      +        +       +         -      -      -       -       -       -
        event.import          ?    +     +      +        +       +         -      -      -       -       -       -
        entry.correct         ?    +     +      +        +       +         -      -      -       -       -       -
        payload.erase         ?    +     -      -        -       -         -      -      -       -       -       -
        listing.read          +    +     +      +        +       +         +      +      +       +       +       +
        photo.read            +    +     +      +        +       +         +      +      +       +       +       +
        listing.search        +    +     +      +        +       +         +      +      +       +       +       +
        listing.create        ?    +     +      -        -       -         -      -      -       -       -       -
        listing.update        ?    +     +      -        -       -         -      -      -       -       -       -
        listing.list          ?    +     +      -        -       -         -      -      -       -       +       -
        listing_dispute.list  ?    +     -      -        -       -         -      -      -       -       +       -
        listing_dispute.settle ?   +     -      -        -       -         -      -      -       -       -       -
        pricing.estimate      +    +     +      +        +       +         +      +      +       +       +       +
        pricing.read          +    +     +      +        +       +         +      +      +       +       +       +
        pricing.manage        ?    +     -      -        -       -         -      -      -       -       -       -
        stock_alert.read      ?    +     +      -        -       -         -      -      -       -       +       -
        stock_alert.update    ?    +     +      -        -       -         -      -      -       -       -       -
        warranty_plans.read   +    +     +      +        +       +         +      +      +       +       +       +
        warranty_plans.publish ?   +     -      -        -       -         -      -      -       -       -       -
        warranty.quote        ?    +     +      -        -       -         -      -      -       -       -       -
        warranty.issue        ?    +     +      -        -       -         -      -      -       -       -       -
        warranty.update       ?    +     +      -        -       -         -      -      -       -       -       -
        warranty.read         ?    +     +      -        -       -         +      +      +       +       +       -
        entitlement.redeem    ?    +     +      -        -       -         -      -      -       -       -       -
        claim.file            ?    +     +      -        -       -         +      +      +       -       -       +
        claim.read            ?    +     +      -        -       -         +      +      +       +       +       +
        claim.step            ?    -     +      -        -       -         +      +      +       +       -       +
        claim.work            ?    -     -      -        -       -         +      +      +       -       -       -
        claim.decide          ?    -     -      -        -       -         +      +      +       -       -       -
        claim.rule            ?    -     -      -        -       -         -      +      +       -       -       -
        claim.pay             ?    -     -      -        -       -         -      -      -       +       -       -
        claim.team            ?    -     -      -        -       -         -      -      +       -       -       -
        advance.request       ?    -     -      -        -       -         +      +      +       -       -       -
        advance.read          ?    +     +      -        -       -         +      +      +       +       +       -
        advance.decide        ?    -     -      -        -       -         +      +      +       -       -       -
        advance.chief         ?    -     -      -        -       -         -      +      +       -       -       -
        advance.pay           ?    -     -      -        -       -         -      -      -       +       -       -
        deposit.read          ?    +     +      -        -       -         +      +      +       +       +       -
        claim.figures         ?    +     -      -        -       -         +      +      +       +       +       -
        dealer_notice.read    ?    +     +      -        -       -         +      +      +       +       +       -
        warranty.hold         ?    -     -      -        -       -         -      -      -       -       -       +
        warranty.held         ?    -     -      -        -       -         -      -      -       -       -       +
        book.read             ?    +     -      -        -       -         -      -      -       +       +       -
        book.post             ?    -     -      -        -       -         -      -      -       +       -       -
        job.read              ?    +     -      -        -       -         -      -      -       +       +       -
        job.retry             ?    +     -      -        -       -         -      -      -       +       -       -
        complaint.file        ?    -     -      -        -       -         +      +      +       -       -       +
        complaint.read        ?    +     -      -        -       -         +      +      +       +       +       +
        complaint.work        ?    -     -      -        -       -         +      +      +       -       -       -
        complaint.goodwill    ?    -     -      -        -       -         +      +      +       -       -       -
        complaint.batches     ?    +     -      -        -       -         +      +      +       +       +       -
        import.create         ?    +     +      -        -       -         -      -      -       -       -       -
        import.cancel         ?    +     +      -        -       -         -      -      -       -       -       -
        import.read           ?    +     +      -        -       -         -      -      -       -       +       -
        import_mapping.write  ?    +     +      -        -       -         -      -      -       -       -       -
        import_mapping.read   ?    +     +      -        -       -         -      -      -       -       +       -
        watch.create          ?    +     +      +        +       +         -      -      -       -       +       -
        watch.read            ?    +     +      +        +       +         -      -      -       -       +       -
        watch.update          ?    +     +      +        +       +         -      -      -       -       +       -
        organization.create   ?    +     -      -        -       -         -      -      -       -       -       -
        organization.read     ?    +     +      +        +       +         -      -      -       -       +       -
        organization.list     ?    +     -      -        -       -         -      -      -       -       +       -
        organization.update   ?    +     +      +        +       +         -      -      -       -       -       -
        organization.suspend  ?    +     -      -        -       -         -      -      -       -       -       -
        key.create            ?    +     +      +        +       +         -      -      -       -       +       -
        key.list              ?    +     +      +        +       +         -      -      -       -       +       -
        key.revoke            ?    +     +      +        +       +         -      -      -       -       +       -
        signing_key.create    ?    +     +      +        +       +         -      -      -       -       -       -
        signing_key.list      ?    +     +      +        +       +         -      -      -       -       +       -
        signing_key.revoke    ?    +     +      +        +       +         -      -      -       -       -       -
        person.list           ?    +     +      +        +       +         -      -      -       -       +       -
        person.update         ?    +     +      +        +       +         -      -      -       -       +       -
        certificate.grant     ?    +     -      -        -       -         -      -      -       -       -       -
        certificate.revoke    ?    +     -      -        -       -         -      -      -       -       -       -
        invitation.create     ?    +     +      +        +       +         -      -      -       -       +       -
        invitation.approve    ?    +     -      -        -       -         -      -      -       -       -       -
        invitation.cancel     ?    +     +      +        +       +         -      -      -       -       +       -
        invitation.accept     +    +     +      +        +       +         +      +      +       +       +       +
        session.create        +    +     +      +        +       +         +      +      +       +       +       +
        session.manage        ?    +     +      +        +       +         +      +      +       +       +       +
        session.step_up       ?    +     +      +        +       +         +      +      +       +       +       +
        password.change       ?    +     +      +        +       +         +      +      +       +       +       +
        password.reset        +    +     +      +        +       +         +      +      +       +       +       +
        recovery_codes.renew  ?    +     +      +        +       +         +      +      +       +       +       +
        subject.find          ?    +     -      -        -       -         -      -      -       -       -       -
        subject.read          ?    +     -      -        -       -         -      -      -       -       -       -
        subject.reveal        ?    +     -      -        -       -         -      -      -       -       -       -
        subject.log           ?    +     -      -        -       -         -      -      -       -       +       -
        subject.export        ?    +     -      -        -       -         -      -      -       -       -       -
        subject.erase         ?    +     -      -        -       -         -      -      -       -       -       -
        subject.hold          ?    +     -      -        -       -         -      -      -       -       -       -
        outbox.list           ?    +     -      -        -       -         -      -      -       -       -       -
        outbox.reveal         ?    +     -      -        -       -         -      -      -       -       -       -
        audit.read            ?    +     +      +        +       +         -      -      -       -       +       -
        metrics.read          ?    +     -      -        -       -         -      -      -       -       +       -
        me.read               ?    +     +      +        +       +         +      +      +       +       +       +
        """
    )

    private static let scopes = TextTable(
        """
        action                scope
        event.append          events:write
        event.import          events:write
        entry.correct         events:write
        payload.erase         payloads:erase
        listing.create        listings:write
        listing.update        listings:write
        listing.list          organization:read
        listing_dispute.list  organization:read
        listing_dispute.settle organizations:manage
        pricing.manage        pricing:manage
        stock_alert.read      organization:read
        stock_alert.update    listings:write
        watch.create           watches:write
        watch.read             organization:read
        watch.update           watches:write
        warranty_plans.publish warranties:write
        warranty.quote        warranties:write
        warranty.issue        warranties:write
        warranty.update       warranties:write
        warranty.read         organization:read
        entitlement.redeem    warranties:write
        claim.file            claims:write
        claim.read            claims:read
        claim.step            claims:write
        claim.work            claims:write
        claim.decide          claims:write
        claim.rule            claims:write
        claim.pay             claims:write
        claim.team            claims:write
        advance.request       claims:write
        advance.read          claims:read
        advance.decide        claims:write
        advance.chief         claims:write
        advance.pay           claims:write
        deposit.read          claims:read
        claim.figures         claims:read
        dealer_notice.read    claims:read
        warranty.hold         claims:write
        warranty.held         claims:read
        book.read             claims:read
        book.post             claims:write
        job.read              claims:read
        job.retry             claims:write
        complaint.file        claims:write
        complaint.read        claims:read
        complaint.work        claims:write
        complaint.goodwill    claims:write
        complaint.batches     claims:read
        import.create         listings:write
        import.cancel         listings:write
        import.read           organization:read
        import_mapping.write  listings:write
        import_mapping.read   organization:read
        organization.create   organizations:manage
        organization.read     organization:read
        organization.list     organization:read
        organization.update   organization:write
        organization.suspend  organizations:manage
        key.create            keys:write
        key.list              organization:read
        key.revoke            keys:write
        signing_key.create    keys:write
        signing_key.list      organization:read
        signing_key.revoke    keys:write
        person.list           people:manage
        person.update         people:manage
        certificate.grant     people:manage
        certificate.revoke    people:manage
        invitation.create     people:manage
        invitation.approve    people:manage
        invitation.cancel     people:manage
        subject.find          subjects:read
        subject.read          subjects:read
        subject.reveal        subjects:reveal
        subject.log           audit:read
        subject.export        subjects:reveal
        subject.erase         subjects:manage
        subject.hold          subjects:manage
        outbox.list           subjects:read
        outbox.reveal         subjects:reveal
        audit.read            audit:read
        metrics.read          metrics:read
        """
    )

    private static let columns: [(name: String, role: Role?)] = [
        ("anon", nil), ("admin", .admin), ("dealer", .dealer), ("workshop", .workshop), ("insurer", .insurer),
        ("authority", .authority), ("junior", .claimsJunior), ("senior", .claimsSenior),
        ("manager", .claimsManager), ("finance", .finance), ("auditor", .auditor), ("buyer", .buyer),
    ]

    @Test func `the table names every action and every role`() {
        #expect(Set(PolicyTests.expected.rows.map { $0["action"] }) == Set(Action.allCases.map(\.rawValue)))
        #expect(PolicyTests.expected.columns == ["action"] + PolicyTests.columns.map(\.name))
        #expect(Set(PolicyTests.columns.compactMap(\.role)) == Set(Role.allCases))
    }

    @Test func `every role may do what the table says and nothing else`() throws {
        for row in PolicyTests.expected.rows {
            let action = try #require(Action(rawValue: row["action"]))
            for (name, role) in PolicyTests.columns {
                let principal = role.map { PolicyTests.principal($0, Set(Scope.allCases), for: action) }
                #expect(sign(Policy.decide(action, for: principal)) == row[name], "\(action) by \(name)")
                #expect(Policy.authorize(action)(principal) == Policy.decide(action, for: principal))
            }
        }
    }

    @Test func `an action with a scope needs this scope and no other`() throws {
        for row in PolicyTests.scopes.rows {
            let action = try #require(Action(rawValue: row["action"]))
            let scope = try #require(Scope(rawValue: row["scope"]))
            let others = Set(Scope.allCases).subtracting([scope])
            // An administrator where he may, or whoever does what he may not.
            let roles = Policy.rules[action]?.roles ?? []
            let role = roles.contains(.admin) ? Role.admin : try #require(Role.allCases.first(where: roles.contains))
            #expect(Policy.decide(action, for: PolicyTests.principal(role, [scope])) == .allowed)
            let refused = Policy.decide(action, for: PolicyTests.principal(role, others))
            guard case .forbidden(let reason) = refused else {
                Issue.record("\(action) is allowed without \(scope)")
                continue
            }
            #expect(reason.zh.contains(scope.rawValue) && reason.en.contains(scope.rawValue))
        }
    }

    @Test func `who sees personal data in clear, or ends it, shows who he is once more`() {
        #expect(Policy.stepUp.isSuperset(of: [.subjectReveal, .subjectExport, .subjectErase, .outboxReveal]))
        for action in Policy.stepUp { #expect(Policy.rules[action]?.isPublic == false) }
    }

    @Test func `an action that is not in the table of scopes needs none`() throws {
        let scoped = Set(PolicyTests.scopes.rows.map { $0["action"] })
        for action in Action.allCases where !scoped.contains(action.rawValue) {
            #expect(Policy.decide(action, for: PolicyTests.principal(.admin, [], for: action)) == .allowed)
        }
    }

    @Test func `a scope does not give a role what the role may not do`() {
        let dealer = PolicyTests.principal(.dealer, Set(Scope.allCases))
        guard case .forbidden(let reason) = Policy.decide(.payloadErase, for: dealer) else {
            Issue.record("a dealer may erase")
            return
        }
        #expect(reason.zh.contains("dealer") && reason.en.contains("payload.erase"))
    }

    @Test(arguments: [
        "",
        "action scope who",
        "action scope who\nme.read -",
        "action scope who\nme.read - dealer dealre",
        "action scope who\nme.read keys:wirte members",
        "action scope who\nme.raed - members",
    ])
    func `what a table does not say in full is refused`(table: String) {
        #expect(Policy.parse(table).isEmpty)
    }

    @Test func `of two lines for one action the first counts`() {
        let rules = Policy.parse("action scope who\nme.read - dealer\nme.read - anyone")
        #expect(rules == [.meRead: Policy.Rule(isPublic: false, roles: [.dealer], scope: nil)])
    }

    @Test func `an organisation owns its own, the platform everything, and an auditor only looks`() {
        let dealer = PolicyTests.principal(.dealer, [])
        let admin = PolicyTests.principal(.admin, [])
        let auditor = PolicyTests.principal(.auditor, [])
        #expect(Policy.owns(dealer, "org_own") && !Policy.owns(dealer, "org_other"))
        #expect(Policy.sees(dealer, "org_own") && !Policy.sees(dealer, "org_other"))
        #expect(Policy.owns(admin, "org_other") && Policy.sees(admin, "org_other"))
        #expect(!Policy.owns(auditor, "org_other") && Policy.sees(auditor, "org_other"))
        #expect(!Policy.owns(nil, "org_own") && !Policy.sees(nil, "org_own"))
    }

    @Test(arguments: OrganizationKind.allCases)
    func `the default scopes of a kind are allowed ones that its role can use`(kind: OrganizationKind) {
        #expect(kind.defaultScopes.isSubset(of: kind.allowedScopes))
        for scope in kind.allowedScopes {
            let usable = Policy.rules.values.contains { $0.scope == scope && $0.roles.contains(kind.role) }
            #expect(usable, "\(scope) is of no use to \(kind)")
        }
    }

    @Test func `only the platform's default key can make keys`() {
        for kind in OrganizationKind.allCases {
            #expect(kind.defaultScopes.contains(.keysWrite) == (kind == .platform))
        }
    }

    @Test func `scopes are stored sorted, and one that is not known any more grants nothing`() {
        #expect(Set<Scope>([.keysWrite, .auditRead]).stored == "audit:read keys:write")
        #expect(Set<Scope>(stored: "audit:read gone:write keys:write") == [.auditRead, .keysWrite])
        #expect(Set<Scope>(stored: "").isEmpty)
    }

    /// - Parameters:
    ///   - action: where it is for people alone, somebody who has signed in and shown everything.
    private static func principal(
        _ role: Role,
        _ scopes: Set<Scope>,
        for action: Action? = nil
    ) -> Principal {
        let isForPeople = action.flatMap { Policy.rules[$0]?.isForPeople } ?? false
        return Principal(
            organization: "org_own",
            role: role,
            scopes: Set(scopes.names),
            credential: isForPeople ? "usr_1" : "key_1",
            session: isForPeople ? session() : nil
        )
    }

    private static func session(isSteppedUp: Bool = true, isCertified: Bool = true) -> Principal.Session {
        Principal.Session(id: "ses_1", isSteppedUp: isSteppedUp, isCertified: isCertified)
    }

    private static func person(_ role: Role, _ session: Principal.Session) -> Principal {
        Principal(
            organization: "org_own",
            role: role,
            scopes: Set(Scope.allCases.map(\.rawValue)),
            credential: "usr_1",
            session: session
        )
    }

    @Test(arguments: Action.allCases)
    func `what gives rights or touches personal data takes a fresh second factor`(action: Action) throws {
        // The administrator, where he may, and somebody who may where he may not.
        let roles = try #require(Policy.rules[action]).roles
        let role = try #require(([.admin] + Role.allCases).first(where: roles.contains))
        let stale = PolicyTests.person(role, PolicyTests.session(isSteppedUp: false))
        let expected: AccessDecision = Policy.stepUp.contains(action) ? .stepUpNeeded : .allowed
        #expect(Policy.decide(action, for: stale) == expected)
        #expect(Policy.decide(action, for: PolicyTests.person(role, PolicyTests.session())) == .allowed)
    }

    @Test(arguments: Action.allCases)
    func `without a valid certificate there is the own account, and what anyone may do`(action: Action) throws {
        let uncertified = PolicyTests.person(.claimsSenior, PolicyTests.session(isCertified: false))
        let certified = PolicyTests.person(.claimsSenior, PolicyTests.session())
        let rule = try #require(Policy.rules[action])
        let isOwn = rule.isForPeople || action == .meRead
        let expected = rule.isPublic || isOwn ? Policy.decide(action, for: certified) == .allowed : false
        #expect((Policy.decide(action, for: uncertified) == .allowed) == expected)
    }

    @Test func `an API key is nobody's`() {
        for (action, rule) in Policy.rules where rule.isForPeople {
            guard case .forbidden = Policy.decide(action, for: PolicyTests.principal(.admin, Set(Scope.allCases)))
            else {
                Issue.record("a key may do \(action)")
                continue
            }
        }
    }

    private func sign(_ decision: AccessDecision) -> String {
        switch decision {
        case .allowed: "+"
        case .unauthenticated: "?"
        case .forbidden: "-"
        case .stepUpNeeded: "!"
        }
    }
}
