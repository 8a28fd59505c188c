package import Core

/// Whether somebody may decide something. Pure: whoever asks brings the facts.
package struct AuthorityQuestion: Sendable, Hashable {
    package var deed: Deed
    package var amount: Money
    package var who: Person
    package var at: Instant
    /// What this person has decided today, of the same and of every other deed.
    package var decidedToday: Money
    /// Whose customer it is, who inspected the car, who turned the claim down before, who has signed already.
    package var adviser: String?
    package var inspector: String?
    package var deniers: Set<String>
    package var signers: [String]

    package struct Person: Sendable, Hashable {
        package let id: String
        package let level: AuthorityLevel?
        /// The last day on which the certificate for the level counts.
        package let certifiedUntil: CalendarDate?

        package init(id: String, level: AuthorityLevel?, certifiedUntil: CalendarDate?) {
            self.id = id
            self.level = level
            self.certifiedUntil = certifiedUntil
        }
    }

    package init(
        _ deed: Deed,
        _ amount: Money,
        by who: Person,
        at: Instant,
        decidedToday: Money = .zero,
        adviser: String? = nil,
        inspector: String? = nil,
        deniers: Set<String> = [],
        signers: [String] = []
    ) {
        self.deed = deed
        self.amount = amount
        self.who = who
        self.at = at
        self.decidedToday = decidedToday
        self.adviser = adviser
        self.inspector = inspector
        self.deniers = deniers
        self.signers = signers
    }
}

extension Claim {
    /// What decides about this claim's offer, with everything that the claim itself knows.
    package func authorityQuestion(
        by who: AuthorityQuestion.Person,
        at now: Instant,
        decidedToday: Money
    ) -> AuthorityQuestion {
        AuthorityQuestion(
            .approval,
            offer?.total ?? .zero,
            by: who,
            at: now,
            decidedToday: decidedToday,
            adviser: filing.adviser,
            inspector: filing.inspector,
            deniers: deniers,
            signers: signers
        )
    }
}

package enum AuthorityDecision: Sendable, Hashable {
    /// - Parameter signatures: how many people it takes in all.
    case allowed(signatures: Int)
    case refused(AuthorityRefusal)
}

/// Why somebody may not. Always recorded.
package struct AuthorityRefusal: Error, Sendable, Hashable {
    package let code: Code
    /// Who can decide instead; `nil` where no level makes a difference.
    package let routedTo: AuthorityLevel?
    package let tableVersion: String

    package enum Code: String, Sendable, Hashable, CaseIterable {
        case noLevel = "no_level"
        case certificateMissing = "certificate_missing"
        case certificateExpired = "certificate_expired"
        case amountNotPositive = "amount_not_positive"
        case ownCustomer = "own_customer"
        case ownInspection = "own_inspection"
        case ownDenial = "own_denial"
        case signedAlready = "signed_already"
        case aboveClaimLimit = "above_claim_limit"
        case aboveDayLimit = "above_day_limit"
        case topBand = "top_band"

        package var text: LocalizedText {
            switch self {
            case .noLevel: LocalizedText(zh: "没有理赔审批的级别", en: "No level for deciding on claims")
            case .certificateMissing: LocalizedText(zh: "没有上岗证书", en: "No certificate")
            case .certificateExpired: LocalizedText(zh: "上岗证书已过期", en: "The certificate has expired")
            case .amountNotPositive: LocalizedText(zh: "金额须大于零", en: "The amount must be above zero")
            case .ownCustomer: LocalizedText(zh: "不得审批自己的客户", en: "Nobody decides on an own customer")
            case .ownInspection: LocalizedText(zh: "不得审批自己检测的车辆", en: "Nobody decides on an own inspection")
            case .ownDenial: LocalizedText(zh: "不得审批自己拒赔过的理赔", en: "Nobody decides on an own earlier denial")
            case .signedAlready: LocalizedText(zh: "第二人须为另一人", en: "The second signature is another person's")
            case .aboveClaimLimit: LocalizedText(zh: "超过单笔审批限额", en: "Above the limit for a claim")
            case .aboveDayLimit: LocalizedText(zh: "超过当日审批限额", en: "Above the limit for a day")
            case .topBand: LocalizedText(zh: "须由两名经理共同审批", en: "Two managers decide together")
            }
        }
    }

    package var json: JSON {
        [
            "code": JSON(code.rawValue),
            "routed_to": .optional(routedTo) { JSON($0.rawValue) },
            "table": JSON(tableVersion),
            "zh": JSON(code.text.zh),
            "en": JSON(code.text.en),
        ]
    }
}

extension AuthorityTable {
    package func decide(_ question: AuthorityQuestion) -> AuthorityDecision {
        if let code = personalRefusal(question) { return .refused(refusal(code, nil)) }
        guard let level = question.who.level else { return .refused(refusal(.noLevel, .junior)) }
        if let refusal = amountRefusal(question, level) { return .refused(refusal) }
        return .allowed(signatures: signatures(for: question.amount, question.deed))
    }

    private func personalRefusal(_ question: AuthorityQuestion) -> AuthorityRefusal.Code? {
        let who = question.who
        if question.amount <= .zero { return .amountNotPositive }
        if who.level == nil { return nil }
        guard let until = who.certifiedUntil else { return .certificateMissing }
        if question.at.dateInChina > until { return .certificateExpired }
        if who.id == question.adviser { return .ownCustomer }
        if who.id == question.inspector { return .ownInspection }
        if question.deniers.contains(who.id) { return .ownDenial }
        return question.signers.contains(who.id) ? .signedAlready : nil
    }

    private func amountRefusal(_ question: AuthorityQuestion, _ level: AuthorityLevel) -> AuthorityRefusal? {
        guard let needed = self.level(for: question.amount, question.deed) else {
            // Both are managers, and no day's limit holds what two of them decide.
            return level == .manager ? nil : refusal(.topBand, .manager)
        }
        if level < needed { return refusal(.aboveClaimLimit, needed) }
        // Written so that no sum can overflow.
        let left = (limits[level]?.day.fen ?? 0) - question.decidedToday.fen
        if question.amount.fen > left { return refusal(.aboveDayLimit, level.next ?? .manager) }
        return nil
    }

    private func refusal(_ code: AuthorityRefusal.Code, _ level: AuthorityLevel?) -> AuthorityRefusal {
        AuthorityRefusal(code: code, routedTo: level, tableVersion: version)
    }
}
