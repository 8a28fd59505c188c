import Core
import Identity
import People
import Support
import Testing
import Web

@testable import Claims

/// The way to a state by the pure rules alone, such that what the table allows there can be done.
struct ClaimInState {
    /// What is offered, approved and paid: within the limits of whoever has the lowest.
    static let fen: Int64 = 48_000
    private static let officer = ClaimActor(.init(.junior, "usr_officer"))
    private static let chief = ClaimActor(.init(.senior, "usr_chief"))
    private static let finance = ClaimActor(.init(.finance, "usr_cashier"))
    private static let evidence = [Evidence(.inspectionReport, "rpt-1")]
    private static let day: Int64 = 86_400

    private var claim: Claim
    private let target: ClaimState
    private let action: ClaimAction
    private let actor: ClaimActor?
    private let now: Instant

    /// - Parameter filing: of another claim, of the same people and the same car.
    static func make(
        _ target: ClaimState,
        for action: ClaimAction,
        by actor: ClaimActor?,
        _ filing: Filing,
        at now: Instant
    ) throws -> Claim {
        // Nobody closes what can be appealed yet.
        let age = action == .close && target == .rejected ? 20 * day : 3600
        let filed = Claim.file(filing.again(at: now), by: .init(.buyer, filing.buyer), at: now.adding(seconds: -age))
        var made = ClaimInState(
            claim: try Claim(facts: [filed]),
            target: target,
            action: action,
            actor: actor,
            now: now
        )
        try made.reach(target)
        return made.claim
    }

    private var buyer: ClaimActor { ClaimActor(.init(.buyer, claim.filing.buyer)) }
    private var dealer: ClaimActor { ClaimActor(.init(.dealer, claim.filing.dealer)) }

    private mutating func take(_ input: ClaimInput, _ actor: ClaimActor) throws {
        let at = (claim.facts.last?.at ?? now).adding(seconds: 1)
        for fact in try claim.apply(input, by: actor.caller, why: "说明", at: at) { try claim.record(fact) }
    }

    private mutating func reach(_ state: ClaimState) throws {
        switch state {
        case .submitted: try handOut()
        case .acknowledged: try go(.submitted, .answer, Self.officer)
        case .assessing:
            try go(.acknowledged, .assess, Self.officer)
            try rule()
        case .waiting: try go(.assessing, .ask(question), Self.officer)
        case .proposed: try go(.assessing, .propose(offer), Self.officer)
        case .accepted: try go(.proposed, .accept, buyer)
        case .disputed: try go(.proposed, .dispute, buyer)
        case .approved: try go(.accepted, .approve(Money(fen: Self.fen), signatures: 1), Self.chief)
        case .repairing: try go(.approved, .startRepair(workshop: "org_w1"), Self.officer)
        case .paying: try go(.approved, .startPayment, Self.finance)
        case .settled:
            let payment = BuyerPayment(reference: "bank-0", amount: Money(fen: Self.fen))
            try go(.paying, .pay(payment), Self.finance)
            if action == .close || target == .closed { try take(.notifyResult, Self.officer) }
        case .closed: try go(.settled, .close, Self.officer)
        case .rejected:
            let rejection = Rejection(code: .misuse, clause: "X-MISUSE", evidence: Self.evidence)
            try go(.assessing, .reject(rejection), Self.chief)
            if action == .close { try take(.notifyResult, Self.officer) }
        case .appealed: try go(.rejected, .appeal([]), buyer)
        case .withdrawn: try go(.submitted, .withdraw, buyer)
        case .reopened: try go(.withdrawn, .reopen, Self.chief)
        }
    }

    private mutating func go(_ before: ClaimState, _ input: ClaimInput, _ actor: ClaimActor) throws {
        try reach(before)
        try take(input, actor)
    }

    // MARK: What some steps take

    private mutating func handOut() throws {
        switch action {
        case .handOver: try take(.assign(to: actor?.caller.id ?? "usr_else"), .system)
        case .takeOver: try take(.assign(to: "usr_before"), .system)
        default: return
        }
    }

    /// A ruling is contested where there is one, and reviewed by another person where it was contested.
    private mutating func rule() throws {
        let isReview = action == .rule && target != .assessing
        guard isReview || action == .contestRuling else { return }
        let delivery = DeliveryFacts(
            deliveredOn: claim.filing.noticedOn,
            isSoldByTrader: true,
            noticedOn: claim.filing.noticedOn
        )
        try take(.rule(.againstDealer(.ownReport, evidence: Self.evidence, delivery: delivery)), Self.chief)
        if isReview { try take(.contestRuling(Self.evidence), dealer) }
    }

    /// Of whoever is to reply.
    private var question: Question {
        let of: Question.WaitedFor =
            switch actor?.caller.role {
            case .buyer: .buyer
            case .dealer: .dealer
            default: .appraisal
            }
        return Question(of: of, dueAt: now.adding(seconds: Self.day))
    }

    private var offer: Offer {
        let isRepair = target == .repairing || target == .approved && action == .startRepair
        let amount = Money(fen: Self.fen)
        let line = Offer.Line(id: "1", asked: amount, approved: amount, reasons: [])
        return Offer(way: isRepair ? .repair : .payment, lines: [line], validUntil: now.adding(seconds: 7 * Self.day))
    }
}

extension Filing {
    fileprivate func again(at now: Instant) -> Filing {
        Filing(
            claim: ClaimID(at: now),
            vin: vin,
            contract: contract,
            buyer: buyer,
            dealer: dealer,
            adviser: adviser,
            inspector: inspector,
            kind: kind,
            isUrgent: isUrgent,
            component: component,
            odometerKm: odometerKm,
            noticedOn: noticedOn,
            symptom: symptom,
            evidence: evidence
        )
    }
}

extension Visit {
    private static let organizations = [
        ("dealer", "91110108551385082Q"), ("workshop", "91350100M000100Y43"), ("insurer", "91110000802100433B"),
        ("authority", "91440300708461136T"), ("auditor", "91330106MA2CX0108D"),
    ]

    /// Everybody of the claim, others of their kind, and everybody else.
    func claimPeople(_ cast: ClaimsCast, _ filing: Filing) async throws -> [ClaimPerson] {
        func staff(_ name: String, _ role: Role, _ actor: ClaimActor, _ staff: Staff) -> ClaimPerson {
            ClaimPerson(name: name, role: role, key: staff.token, actor: actor)
        }
        let intermediate = try await intermediate()
        let other = ClaimActor(.init(.buyer, "usr_other"))
        let dealer = ClaimActor(.init(.dealer, filing.dealer))
        let key = ClaimActor(.init(.auditor, "key"))
        return try await [
            ClaimPerson(name: "nobody", role: nil, key: nil, actor: nil),
            ClaimPerson(name: "admin", role: .admin, key: administrator, actor: key),
            ClaimPerson(name: "buyer", role: .buyer, key: cast.buyer, actor: .init(.init(.buyer, filing.buyer))),
            ClaimPerson(name: "another buyer", role: .buyer, key: buyer("13700137009"), actor: other),
            ClaimPerson(name: "dealer", role: .dealer, key: cast.dealer, actor: dealer),
            staff("junior", .claimsJunior, .init(.init(.junior, cast.junior.id)), cast.junior),
            staff("intermediate", .claimsJunior, .init(.init(.intermediate, intermediate.id)), intermediate),
            staff("senior", .claimsSenior, .init(.init(.senior, cast.senior.id)), cast.senior),
            staff("manager", .claimsManager, .init(.init(.manager, cast.manager.id)), cast.manager),
            staff("finance", .finance, .init(.init(.finance, cast.finance.id)), cast.finance),
        ] + others()
    }

    /// Keys of every kind of organisation with every scope that it may have.
    private func others() async throws -> [ClaimPerson] {
        var people: [ClaimPerson] = []
        for (kind, uscc) in Self.organizations {
            let request: JSON = ["kind": JSON(kind), "name": "别家", "uscc": JSON(uscc)]
            let id = try await call("createOrganization", Request(key: administrator, json: request)).text("id")
            let scopes = try #require(OrganizationKind(rawValue: kind)).allowedScopes.names.map { JSON($0) }
            let draft: JSON = ["name": "all", "scopes": .array(scopes)]
            let key = Request(parameters: ["id": id], key: administrator, json: draft)
            let secret = try await call("createApiKey", key).text("secret")
            let actor = kind == "dealer" ? ClaimActor(.init(.dealer, id)) : nil
            let isAuditor = kind == "auditor" ? ClaimActor(.init(.auditor, id)) : actor
            people.append(
                ClaimPerson(name: "another \(kind)", role: Role(rawValue: kind), key: secret, actor: isAuditor)
            )
        }
        return people
    }

    /// Whoever began as a junior, with the certificate of the next level.
    private func intermediate() async throws -> Staff {
        let me = try await call("getMe", Request(key: administrator))
        let platform = try #require(me.json["organization"]?["id"]?.stringValue)
        let scopes = StaffRoles.scopes(of: .claimsJunior).names
        let staff = try await joining(platform, "next@claims.example.com", as: "claims_junior", scopes: scopes)
        let certificate: JSON = [
            "kind": "claims", "level": "intermediate", "number": "CX-8", "issued_on": "2026-01-01",
            "expires_on": "2027-12-31",
        ]
        let one = ["id": platform, "person": staff.id]
        try await call("grantCertificate", Request(parameters: one, key: administrator, json: certificate))
        return staff
    }
}
