package import Core
package import Storage
import Warranty

/// What somebody who has looked at a car and its papers brings to the sixteen checks.
package struct AssessmentDraft: Sendable, Hashable {
    package var lines: [ClaimLine]
    package var authorization: AdjudicationCase.Authorization
    package var plates: AdjudicationCase.Plates?
    package var deliveryItem: AdjudicationCase.DeliveryItem = .notInspected
    package var faultSince: CalendarDate?
    package var maintenance: AdjudicationCase.Maintenance?
    package var isConditionShown = false
    package var disclosedBetterment: String?
    package var used: [String: BettermentTable.Life] = [:]
    package var taxRate: BasisPoints?
    package var evidence: [Evidence] = []
    /// How it would be made good, if it is small and clean enough to be offered at once.
    package var way: Offer.Way = .repair

    package init(lines: [ClaimLine], authorization: AdjudicationCase.Authorization) {
        self.lines = lines
        self.authorization = authorization
    }
}

extension Claims {
    /// How long an offer stands that the program makes (rule of this platform).
    static let automaticOfferDays: Int64 = 7
    private static let secondsPerDay: Int64 = 86_400
    private static let earlierClaimsMaximum = 50

    /// Makes the checks by what is known now, and keeps what they come to. What is small and clean is offered at once;
    /// a person approves it all the same.
    ///
    /// - Throws: `claimActionIllegal` where nothing is being assessed; `adjudicationInvalid`.
    package func assess(
        _ tx: any Transaction,
        _ id: ClaimID,
        _ draft: AssessmentDraft,
        by actor: ClaimActor,
        if precondition: (StoredClaim) throws -> Void = { _ in }
    ) throws -> (claim: StoredClaim, assessment: Assessment) {
        let stored = try get(tx, id, for: actor.caller, isLocked: true)
        try precondition(stored)
        // Whoever can offer something now can have it worked out.
        guard ClaimPolicy.allows(.propose, to: actor.caller.role, in: stored.claim.state),
            let warranty = stored.warranty
        else { throw Failure.illegal(.assess, stored.claim, actor.caller) }
        let contract = try warranties.claimed(tx, warranty)
        let adjudicator = Adjudicator(book: contract.book, guide: editions.guide, policy: editions.adjudication)
        let assessment = try adjudicator.assess(try adjudicationCase(tx, stored, draft, contract))
        let seq = stored.version
        try ClaimStore.insertAssessment(tx, assessment.json, seq, of: id, by: actor.caller.id)
        var next = stored
        next.cover = cover(assessment, stored.claim, contract)
        try replace(tx, stored, by: next)
        let why = "核定 \(seq)：\(assessment.disposition.rawValue)，\(assessment.payable.yuan)"
        next = try take(tx, next, .note, by: actor, why: why)
        return (try offerAtOnce(tx, next, assessment, draft.way), assessment)
    }

    private func offerAtOnce(
        _ tx: any Transaction,
        _ stored: StoredClaim,
        _ assessment: Assessment,
        _ way: Offer.Way
    ) throws -> StoredClaim {
        let validUntil = tx.now.adding(seconds: Claims.automaticOfferDays * Claims.secondsPerDay)
        guard assessment.isAutomatic, let offer = assessment.offer(way, validUntil: validUntil) else { return stored }
        return try take(tx, stored, .propose(offer), by: .system)
    }

    /// What the last assessment comes to, as a person offers it.
    ///
    /// - Throws: `claimUnassessed` where there is none, or it offers nothing.
    package func offer(
        _ tx: any Transaction,
        _ id: ClaimID,
        _ way: Offer.Way,
        validUntil: Instant
    ) throws -> Offer {
        guard let (_, content) = try ClaimStore.assessment(tx, of: id),
            let disposition = content["disposition"]?.stringValue.flatMap(Assessment.Disposition.init(rawValue:)),
            [.payAsIs, .payWithChanges].contains(disposition)
        else { throw Failure(.claimUnassessed) }
        let lines = (content["lines"]?.arrayValue ?? []).compactMap(Offer.Line.init(assessed:))
        return Offer(way: way, lines: lines, validUntil: validUntil)
    }

    package func assessment(_ tx: any Transaction, of id: ClaimID) throws -> JSON? {
        try ClaimStore.assessment(tx, of: id)?.content
    }

    // MARK: -

    private func cover(_ assessment: Assessment, _ claim: Claim, _ contract: ClaimedContract) -> ClaimCover? {
        guard let layer = assessment.layer, let component = claim.filing.component,
            contract.warranty.terms.layer(layer)?.limits != nil
        else { return nil }
        return ClaimCover(layer: layer, component: component)
    }

    private func adjudicationCase(
        _ tx: any Transaction,
        _ stored: StoredClaim,
        _ draft: AssessmentDraft,
        _ contract: ClaimedContract
    ) throws -> AdjudicationCase {
        let filing = stored.claim.filing
        guard let component = filing.component.flatMap({ contract.book.tree[$0] }) else {
            throw Failure(.adjudicationInvalid, zh: "须先查明损坏的部件", en: "It has to be found out which part failed")
        }
        let question = question(filing, component, contract)
        var made = AdjudicationCase(
            claim: stored.id.text,
            contract: contract.warranty.contract,
            vin: filing.vin,
            question: question,
            authorization: draft.authorization,
            lines: draft.lines,
            fraud: try fraudFacts(tx, filing, contract),
            evidence: filing.evidence + draft.evidence
        )
        made.plates = draft.plates
        made.accounts = contract.accounts
        made.isConditionShown = draft.isConditionShown
        made.deliveryItem = draft.deliveryItem
        made.faultSince = draft.faultSince
        made.maintenance = draft.maintenance
        made.marketValue = try warranties.marketValue(tx, contract)
        made.disclosedBetterment = draft.disclosedBetterment
        made.used = draft.used
        made.taxRate = draft.taxRate
        return made
    }

    private func question(
        _ filing: Filing,
        _ component: Component,
        _ contract: ClaimedContract
    ) -> CoverageQuestion {
        let recalls = contract.record.openRecalls.map { recall in
            guard let name = recall.component, case .found(let part) = contract.book.names.find(name) else {
                return CoverageQuestion.OpenRecall(campaign: recall.campaign, component: nil)
            }
            return CoverageQuestion.OpenRecall(campaign: recall.campaign, component: part)
        }
        return CoverageQuestion(
            component: component,
            date: filing.noticedOn,
            odometerKm: filing.odometerKm,
            lastReading: contract.record.highest(upTo: filing.noticedOn),
            openRecalls: recalls
        )
    }

    /// What the store itself knows of what should be looked at twice.
    private func fraudFacts(
        _ tx: any Transaction,
        _ filing: Filing,
        _ contract: ClaimedContract
    ) throws -> FraudFacts {
        let earlier = try ClaimQueue.filings(of: filing.vin, tx, limit: Claims.earlierClaimsMaximum).filter {
            $0.filing.claim != filing.claim
        }
        let yearAgo = tx.now.adding(seconds: -365 * Claims.secondsPerDay)
        var facts = FraudFacts()
        facts.earlierClaimsOfPart = Int64(earlier.count { $0.filing.component == filing.component })
        facts.claimsOfVehicleInYear = Int64(earlier.count { $0.at >= yearAgo }) + 1
        let references = Set(filing.evidence.filter { $0.kind == .photo }.map(\.reference))
        facts.isPhotoReused = earlier.contains { claim in
            claim.filing.evidence.contains { references.contains($0.reference) }
        }
        if let start = contract.warranty.terms.tier?.period.start {
            facts.daysSinceStart = Int64(filing.noticedOn.daysSinceEpoch - start.daysSinceEpoch)
        }
        return facts
    }
}

extension Offer.Line {
    /// Of an assessment, as `AssessedLine.json` wrote it.
    fileprivate init?(assessed json: JSON) {
        guard let id = json["id"]?.stringValue, let asked = json["asked"]?["amount"]?.integerValue,
            let payable = json["payable"]?["amount"]?.integerValue
        else { return nil }
        let reasons = (json["reasons"]?.arrayValue ?? []).compactMap { $0["code"]?.stringValue }
        self.init(id: id, asked: Money(fen: asked), approved: Money(fen: payable), reasons: reasons)
    }
}
