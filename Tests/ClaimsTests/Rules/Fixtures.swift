import Claims
import Core
import Cryptography
import Support
import Testing
import Warranty

/// `2026-03-02 09:00` in China; seconds may follow.
func china(_ text: String) -> Instant {
    let parts = text.split(separator: " ")
    let time = parts[1].utf8.count == 5 ? "\(parts[1]):00" : String(parts[1])
    return Instant(rfc3339: "\(parts[0])T\(time)+08:00")!
}

extension Instant {
    /// The same again, so that tables can be read.
    var inChina: String {
        let text = adding(seconds: Instant.chinaOffsetSeconds).rfc3339
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    /// Month, day, hour and minute in China.
    var short: String { String(inChina.dropFirst(5).prefix(11)) }

    func adding(days: Int64) -> Instant { adding(seconds: days * 86_400) }
    func adding(hours: Int64) -> Instant { adding(seconds: hours * 3600) }
}

func day(_ text: String) -> CalendarDate { CalendarDate(text)! }
func fen(yuan: Int64) -> Money { Money(fen: yuan * 100) }

func claimID(_ seed: UInt64 = 1) -> ClaimID {
    var random = SeededRandom(seed: seed)
    return ClaimID(at: Instant(milliseconds: 1_780_000_000_000), using: &random)
}

let sampleVIN = try! VIN(parsing: "LSVAU2A34N2183294")
let photo = Evidence(.photo, "sha256-photo")
let diagnosis = Evidence(.diagnosis, "sha256-diagnosis")
let report = Evidence(.inspectionReport, "rpt-1")

extension Filing {
    static func sample(
        _ id: UInt64 = 1,
        kind: Kind = .warranty,
        isUrgent: Bool = false,
        component: String? = "engine.crank.crankshaft"
    ) -> Filing {
        Filing(
            claim: claimID(id),
            vin: sampleVIN,
            contract: "wty_1",
            buyer: "usr_buyer",
            dealer: "org_dealer",
            adviser: "usr_adviser",
            inspector: "usr_inspector",
            kind: kind,
            isUrgent: isUrgent,
            component: component,
            odometerKm: 32_000,
            noticedOn: day("2026-03-01"),
            symptom: "怠速异响，机油灯亮",
            evidence: [photo]
        )
    }
}

extension Caller {
    static let buyer = Caller(.buyer, "usr_buyer")
    static let dealer = Caller(.dealer, "org_dealer")
    static let junior = Caller(.junior, "usr_junior")
    static let intermediate = Caller(.intermediate, "usr_intermediate")
    static let senior = Caller(.senior, "usr_senior")
    static let manager = Caller(.manager, "usr_manager")
    static let finance = Caller(.finance, "usr_finance")
    static let auditor = Caller(.auditor, "usr_auditor")

    static func of(_ role: CallerRole) -> Caller {
        switch role {
        case .buyer: .buyer
        case .dealer: .dealer
        case .junior: .junior
        case .intermediate: .intermediate
        case .senior: .senior
        case .manager: .manager
        case .finance: .finance
        case .auditor: .auditor
        case .system: .system
        }
    }
}

extension Claim {
    static func filed(_ filing: Filing = .sample(), at instant: Instant = china("2026-03-02 09:00")) -> Claim {
        try! Claim(facts: [Claim.file(filing, by: .buyer, at: instant)])
    }

    /// A second after the last fact, where nothing else is said.
    mutating func take(_ input: ClaimInput, by caller: Caller, why: String? = "说明", at: Instant? = nil) throws {
        let now = at ?? facts.last!.at.adding(seconds: 1)
        for fact in try apply(input, by: caller, why: why, at: now) { try record(fact) }
    }
}

extension Offer {
    static func sample(
        _ way: Way = .payment,
        yuan: Int64 = 480,
        validUntil: Instant = china("2026-03-20 00:00"),
        isAutomatic: Bool = false
    ) -> Offer {
        let line = Offer.Line(id: "1", asked: fen(yuan: yuan + 20), approved: fen(yuan: yuan), reasons: ["part_price"])
        return Offer(way: way, lines: [line], validUntil: validUntil, isAutomatic: isAutomatic)
    }
}

extension DeliveryFacts {
    static let recent = DeliveryFacts(
        deliveredOn: day("2026-01-10"),
        isSoldByTrader: true,
        noticedOn: day("2026-03-01")
    )
    static let old = DeliveryFacts(
        deliveredOn: day("2025-01-10"),
        isSoldByTrader: true,
        noticedOn: day("2026-03-01")
    )
}

extension LiabilityRuling {
    static let dealer = try! LiabilityRuling.againstDealer(.ownReport, evidence: [report], delivery: .recent)
    static let halfDealers = shared([.dealer: 1, .manufacturer: 1])
    static let makers = shared([.manufacturer: 1])

    private static func shared(_ weights: [LiableParty: Int64]) -> LiabilityRuling {
        try! .weighing(weights, evidence: [diagnosis], delivery: .recent)
    }
}

extension Rejection {
    static let sample = Rejection(code: .externalCause, clause: "X-EXTERNAL", evidence: [diagnosis])
}

/// The type of the failure that the body throws; `nil` where it throws none.
func failure(_ body: () throws -> Void) -> ProblemType? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Failure)?.type
    }
}
