package import Core
package import History

/// What a car's records say, as far as an offer must not contradict it.
package struct RecordedFacts: Sendable {
    let findings: [Finding]
    let transfers: Int64
    let highestOdometer: OdometerReading?
    let identity: VehicleIdentity

    package init(_ timeline: Timeline, asOf: Instant) {
        findings = Findings.all(timeline, asOf: asOf)
        let recorded = timeline.holding.count { $0.event.kind == .ownershipTransferred }
        let stated = timeline.holding.compactMap { $0.data?["transfer_count"]?.integerValue }.max() ?? 0
        transfers = max(Int64(recorded), stated)
        highestOdometer = OdometerSeries(timeline).highest
        identity = VehicleIdentity(timeline)
    }

    func proven(_ codes: [FindingCode]) -> [Finding] {
        findings.filter { codes.contains($0.code) && $0.state == .yes }
    }
}

/// What an offer must keep to. Pure: the same content and the same records are refused for the same reasons.
package enum ListingRules {
    /// Every reason why this may not be offered, each with the rule and where it comes from.
    package static func faults(_ content: ListingContent, _ facts: RecordedFacts) -> [Fault] {
        untradable(content, facts) + missingDetails(content) + missingDisclosures(content) + recall(content, facts)
            + contradictedDisclosures(content, facts) + claims(content, facts) + odometer(content, facts)
            + registration(content.vehicle, facts)
    }

    // MARK: The car

    private static func untradable(_ content: ListingContent, _ facts: RecordedFacts) -> [Fault] {
        // A car that was stolen and found again can be traded; its buyer is told all the same.
        let findings = facts.proven([.scrapped, .theft, .exported, .vinMismatch])
        let blocking = findings.filter { $0.severity == .critical }.map { finding in
            fault("/vin", "not_tradable", finding, zh: "这辆车不能交易", en: "The car may not be traded")
        }
        guard content.mortgageConsent == nil else { return blocking }
        return blocking
            + facts.proven([.mortgage]).map { finding in
                fault(
                    "/mortgage_consent",
                    "mortgage_without_consent",
                    finding,
                    zh: "抵押未解除，须写明抵押权人同意出售的文件",
                    en: "A mortgage stands: name the document by which the mortgagee agrees"
                )
            }
    }

    private static func recall(_ content: ListingContent, _ facts: RecordedFacts) -> [Fault] {
        guard content.recallNotice == nil else { return [] }
        return facts.proven([.openRecall]).map { finding in
            fault(
                "/recall_notice",
                "recall_undisclosed",
                finding,
                zh: "有召回未处理，须向买方说明",
                en: "A recall is open and has to be disclosed"
            )
        }
    }

    private static func odometer(_ content: ListingContent, _ facts: RecordedFacts) -> [Fault] {
        guard let highest = facts.highestOdometer, highest.km > content.odometerKm,
            content.disclosures[.odometerAltered] != .yes
        else { return [] }
        return [
            Fault(
                "/odometer_km",
                "contradicts_history",
                zh: "低于 \(highest.date) 记录的 \(highest.km) 公里（平台规则：车源须与车辆历史一致）",
                en:
                    "Lower than the \(highest.km) km recorded on \(highest.date) "
                    + "(platform rule: an offer agrees with the history)"
            )
        ]
    }

    // MARK: What it is

    /// What buyers search by has to be there.
    private static func missingDetails(_ content: ListingContent) -> [Fault] {
        let vehicle = content.vehicle
        let details: [(pointer: String, zh: String, en: String, isStated: Bool)] = [
            ("/vehicle/make", "品牌", "the make", vehicle.make != nil),
            ("/vehicle/series", "车系", "the series", vehicle.series != nil),
            ("/vehicle/energy", "能源类型", "the energy", vehicle.energy != nil),
            (
                "/vehicle/first_registered_on", "首次登记日期", "the day of first registration",
                vehicle.firstRegisteredOn != nil
            ),
            ("/location", "看车地点", "where the car can be looked at", content.location != nil),
        ]
        return details.filter { !$0.isStated }.map { detail in
            Fault(
                detail.pointer,
                "required",
                zh: "发布前须填写\(detail.zh)（平台规则）",
                en: "State \(detail.en) before the car is offered (platform rule)"
            )
        }
    }

    // MARK: What is disclosed

    private static func missingDisclosures(_ content: ListingContent) -> [Fault] {
        Disclosure.allCases.filter { content.disclosures[$0] == nil }.map { disclosure in
            Fault(
                "/disclosures/\(disclosure.rawValue)",
                "required",
                zh: "须回答“\(disclosure.label.zh)”：yes、no 或 not_known（《二手车流通管理办法》第十四条，转引；平台规则）",
                en: "Answer “\(disclosure.label.en)” with yes, no or not_known (Measures for the Circulation of Used "
                    + "Cars, article 14, as quoted elsewhere; platform rule)"
            )
        }
    }

    private static func contradictedDisclosures(_ content: ListingContent, _ facts: RecordedFacts) -> [Fault] {
        Disclosure.allCases.filter { content.disclosures[$0] == .no }.flatMap { disclosure in
            facts.proven(disclosure.findings).map { finding in
                fault(
                    "/disclosures/\(disclosure.rawValue)",
                    "contradicts_history",
                    finding,
                    zh: "与车辆历史矛盾",
                    en: "The history says otherwise"
                )
            }
        }
    }

    // MARK: What is claimed

    private static func claims(_ content: ListingContent, _ facts: RecordedFacts) -> [Fault] {
        [("/title", content.title), ("/text", content.text ?? "")].flatMap { pointer, text in
            ListingClaim.all(in: text).flatMap { claim in
                contradictions(of: claim, at: pointer, content, facts)
            }
        }
    }

    private static func contradictions(
        of claim: ListingClaim,
        at pointer: String,
        _ content: ListingContent,
        _ facts: RecordedFacts
    ) -> [Fault] {
        switch claim.subject {
        case .fire: return proven([.fire], against: claim, at: pointer, facts)
        case .firstOwner: return facts.transfers > 0 ? [transferred(claim, at: pointer, facts)] : []
        case .disclosure(let disclosure):
            let proven = proven(disclosure.findings, against: claim, at: pointer, facts)
            let answer = content.disclosures[disclosure]
            guard proven.isEmpty, let answer, answer != .no else { return proven }
            let sentence = disclosure.sentence(answer)
            return [
                Fault(
                    pointer,
                    "contradicts_disclosure",
                    zh: "“\(claim.words)”与您的申报矛盾：\(sentence.zh)（平台规则：不清楚不能写成没有）",
                    en:
                        "“\(claim.words)” contradicts your own answer: \(sentence.en) "
                        + "(platform rule: unknown never reads as clean)"
                )
            ]
        }
    }

    private static func proven(
        _ codes: [FindingCode],
        against claim: ListingClaim,
        at pointer: String,
        _ facts: RecordedFacts
    ) -> [Fault] {
        facts.proven(codes).map { finding in
            fault(
                pointer,
                "contradicts_history",
                finding,
                zh: "“\(claim.words)”与车辆历史矛盾",
                en: "“\(claim.words)” contradicts the history"
            )
        }
    }

    private static func transferred(_ claim: ListingClaim, at pointer: String, _ facts: RecordedFacts) -> Fault {
        Fault(
            pointer,
            "contradicts_history",
            zh: "“\(claim.words)”与车辆历史矛盾：已过户 \(facts.transfers) 次（平台规则：车源须与车辆历史一致）",
            en:
                "“\(claim.words)” contradicts the history: \(facts.transfers) transfers "
                + "(platform rule: an offer agrees with the history)"
        )
    }

    /// Names the finding, the day of what proves it, and every source of the rule.
    private static func fault(_ pointer: String, _ code: String, _ finding: Finding, zh: String, en: String) -> Fault {
        let sources = finding.code.sources.map(citation)
        let day = finding.evidence.first.map { "\($0.date)" }
        let label = finding.code.label
        return Fault(
            pointer,
            code,
            zh: "\(zh)：\(day.map { "\($0) " } ?? "")\(label.zh)（\(sources.map(\.zh).joined(separator: "；"))）",
            en: "\(en): \(label.en)\(day.map { " (\($0))" } ?? ""). Rule: \(sources.map(\.en).joined(separator: "; "))"
        )
    }

    /// What nobody here has read is said to be so.
    private static func citation(_ source: RuleSource) -> LocalizedText {
        let article = source.article.map { LocalizedText(zh: "第 \($0) 条", en: ", article \($0)") }
        let reserve: LocalizedText? =
            switch source.basis {
            case .law, .platformRule: nil
            case .secondarySource: LocalizedText(zh: "，转引", en: ", as quoted elsewhere")
            case .recalledNotRead: LocalizedText(zh: "，未核对原文", en: ", recalled and not read")
            }
        return LocalizedText(
            zh: source.title.zh + (article?.zh ?? "") + (reserve?.zh ?? ""),
            en: source.title.en + (article?.en ?? "") + (reserve?.en ?? "")
        )
    }
}
