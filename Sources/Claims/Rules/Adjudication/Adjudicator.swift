import Core
package import Warranty

/// Makes the sixteen checks. Pure: the same case by the same editions always comes to the same.
package struct Adjudicator: Sendable {
    package static let linesMaximum = 200
    static let unitPriceMaximum = Money(fen: 100_000_000)
    static let quantityMaximum: Int64 = 10_000_000

    package let book: PlanBook
    package let guide: RepairGuide
    package let policy: AdjudicationPolicy

    package init(book: PlanBook, guide: RepairGuide, policy: AdjudicationPolicy = .proposal2026) {
        self.book = book
        self.guide = guide
        self.policy = policy
    }

    /// - Throws: `Failure.adjudicationInvalid` for lines that no claim has.
    package func assess(_ claim: AdjudicationCase) throws -> Assessment {
        let answer = book.answer(claim.question, for: claim.contract, accounts: claim.accounts)
        var work = try AdjudicationWork(claim, answer: answer)
        for check in ClaimCheck.allCases where !work.isDenied {
            try run(check, &work)
        }
        return work.assessment(policy: policy, guide: guide)
    }

    private func run(_ check: ClaimCheck, _ work: inout AdjudicationWork) throws {
        switch check {
        case .identity: identity(&work)
        case .contract: contract(&work)
        case .otherPayer: otherPayer(&work)
        case .cover: cover(&work)
        case .authorization: try authorization(&work)
        case .preExisting: preExisting(&work)
        case .maintenance: maintenance(&work)
        case .parts: try parts(&work)
        case .labour: try labour(&work)
        case .betterment: try betterment(&work)
        case .deductible: try deductible(&work)
        case .limits: try limits(&work)
        case .tax: try tax(&work)
        case .fraud: fraud(&work)
        case .authority: authority(&work)
        case .offer: offer(&work)
        }
    }
}

/// A claim while it is adjudicated.
struct AdjudicationWork {
    let claim: AdjudicationCase
    let answer: CoverageAnswer
    var findings: [CheckFinding] = []
    var lines: [AssessedLine]
    var payer: PayerAnswer?
    var isOtherPayer = false
    var isDealerLiable = false
    var tax = Money.zero
    var flags: [FraudFlag] = []
    var score: Int64 = 0
    var level: AuthorityLevel? = .junior
    var signatures = 1

    init(_ claim: AdjudicationCase, answer: CoverageAnswer) throws {
        guard (1...Adjudicator.linesMaximum).contains(claim.lines.count),
            Set(claim.lines.map(\.id)).count == claim.lines.count
        else { throw Failure(.adjudicationInvalid, zh: "理赔项目数量有误或者重复", en: "Too few, too many or repeated lines") }
        self.claim = claim
        self.answer = answer
        lines = try claim.lines.map { AssessedLine(line: $0, asked: try AdjudicationWork.asked($0)) }
    }

    private static func asked(_ line: ClaimLine) throws -> Money {
        guard (1...Adjudicator.quantityMaximum).contains(line.quantityMilli),
            (Money.zero...Adjudicator.unitPriceMaximum).contains(line.unitPrice)
        else {
            throw Failure(.adjudicationInvalid, zh: "项目 \(line.id) 的数量或单价超出范围", en: "Line \(line.id) is out of range")
        }
        return try price(line.unitPrice, line.quantityMilli)
    }

    /// A thousandth is ten hundredths of a per cent.
    static func price(_ unit: Money, _ milli: Int64) throws -> Money {
        try unit.multiplied(by: BasisPoints(milli * 10), rounding: .halfUp)
    }

    var isDenied: Bool { isOtherPayer || findings.last?.outcome == .denied }
    var isReferred: Bool { findings.contains { $0.outcome == .referred } }
    var payable: Money { Money(fen: lines.reduce(0) { $0 + $1.payable.fen }) }
    var reasons: Set<ReasonCode> { Set(lines.flatMap(\.reasons)) }
    /// What the law grants knows no deductible, no limit and no betterment.
    var isByLaw: Bool { payer?.payer == .legalFloor }

    mutating func note(
        _ check: ClaimCheck,
        _ outcome: CheckFinding.Outcome,
        _ code: ReasonCode? = nil,
        clause: String? = nil,
        lines: [String] = []
    ) {
        let needsEvidence = outcome != .passed
        findings.append(
            CheckFinding(
                check,
                outcome,
                code,
                clause: clause,
                evidence: needsEvidence ? claim.evidence : [],
                lines: lines
            )
        )
    }

    /// Takes a line down to what is right for it.
    mutating func cut(_ index: Int, to amount: Money, _ code: ReasonCode) {
        guard amount < lines[index].adjusted else { return }
        lines[index].cut = Money(fen: lines[index].asked.fen - max(0, amount.fen))
        if !lines[index].reasons.contains(code) { lines[index].reasons.append(code) }
    }

    /// Takes an amount off all lines together, in proportion to what each still has, to the fen.
    mutating func allot(
        _ amount: Money,
        to member: WritableKeyPath<AssessedLine, Money>,
        _ code: ReasonCode
    ) throws {
        guard amount > .zero, payable > .zero else { return }
        let parts = try Money.split(amount, weights: lines.map(\.payable.fen))
        for (index, part) in parts.enumerated() where part > .zero {
            lines[index][keyPath: member] = try lines[index][keyPath: member].adding(part)
            lines[index].reasons.append(code)
        }
    }

    func assessment(policy: AdjudicationPolicy, guide: RepairGuide) -> Assessment {
        Assessment(
            disposition: disposition,
            findings: findings,
            lines: isDenied && findings.last?.code != .nothingToPay ? lines.map(\.denied) : lines,
            payer: payer?.payer,
            layer: payer?.layer?.id,
            limitUnit: limitUnit,
            tax: isDenied ? .zero : tax,
            fraudFlags: flags,
            fraudScore: score,
            level: level,
            signatures: signatures,
            isAutomatic: isClean && disposition != .deny && level == .junior,
            isDealerLiable: isDealerLiable || isByLaw,
            policyVersion: policy.version,
            guideVersion: guide.version
        )
    }

    private var limitUnit: String {
        claim.question.component.id.split(separator: ".").prefix(2).joined(separator: ".")
    }

    private var disposition: Assessment.Disposition {
        if isOtherPayer { return .otherPayer }
        if isDenied { return .deny }
        if isReferred { return .manual }
        return payable == Money(fen: lines.reduce(0) { $0 + $1.asked.fen }) ? .payAsIs : .payWithChanges
    }

    /// What the contract takes off is no reason to look twice; that something was asked for that is not right is.
    private var isClean: Bool {
        !isDenied && !isReferred && score == 0 && lines.allSatisfy { $0.cut == .zero }
            && claim.evidence.contains { $0.kind.isStrong }
    }
}

extension AssessedLine {
    fileprivate var denied: AssessedLine {
        var line = AssessedLine(line: line, asked: asked)
        line.cut = asked
        line.reasons = reasons
        return line
    }
}
