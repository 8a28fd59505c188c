import Core
import Support
import Testing
import Warranty

struct PlanBookTests {
    @Test func `the shipped edition is sound`() throws {
        let book = try ShippedPlans.book()
        #expect(book.tiers.map(\.id) == ["basic", "plus", "premium"])
        #expect(book.extensions.map(\.id) == ["ext-powertrain", "ext-vehicle", "ext-battery"])
        #expect(book.carrier?.id == "basic")
        #expect(book.tree.components.count > 250)
    }

    @Test func `the founding promise is kept to the letter`() {
        let terms = Dictionary(uniqueKeysWithValues: shipped.tiers.map { ($0.name.zh, $0.term) })
        #expect(terms["基础质保"] == Term(.months(3), km: 5_000))
        #expect(terms["进阶质保"] == Term(.months(12), km: 20_000))
        #expect(terms["尊享质保"] == Term(.months(36), km: 50_000))
    }

    @Test func `the same text has the same hash, another text another`() throws {
        #expect(try ShippedPlans.book().hash == shipped.hash)
        #expect(try PlanBook(yaml: ShippedPlans.yaml + "\n").hash != shipped.hash)
    }

    @Test func `every clause says where it comes from, and what was not read says so`() {
        for clause in shipped.clauses {
            #expect(!clause.text.zh.isEmpty && !clause.text.en.isEmpty)
            #expect(clause.source.citation.zh.contains("未核对原文") == (clause.source.basis == .recalledNotRead))
            #expect(clause.source.citation.en.contains("not read") == (clause.source.basis == .recalledNotRead))
        }
        #expect(shipped.clause("F-NATIONAL")?.source.basis == .recalledNotRead)
        #expect(shipped.clause("F-ZHEJIANG")?.source.basis == .law)
    }

    @Test func `no clause is left with a gap where its number belongs`() {
        for plan in shipped.plans {
            #expect(!shipped.wording(of: plan).text.contains("{value}"))
        }
    }

    /// What it is, and the fault that comes of it; what is taken out of the edition, and what is put there. A line of
    /// the edition counts without its indentation.
    static let broken = BrokenEdition.all(
        """
        # no term: required
        - term: {months: 12, km: 20000}
        + # nothing
        # a misspelt member: unknown_member
        - deductibles_fen: [0]
        + deductible_fen: [0]
        # months and days: term
        - term: {months: 12, km: 20000}
        + term: {months: 12, days: 3, km: 20000}
        # neither months nor days: term
        - term: {months: 12, km: 20000}
        + term: {km: 20000}
        # a term shorter than the law: below_legal_floor
        - term: {months: 12, km: 20000}
        + term: {months: 2, km: 20000}
        # fewer kilometres than the law: below_legal_floor
        - term: {months: 12, km: 20000}
        + term: {months: 12, km: 4999}
        # days that fall short: below_legal_floor
        - term: {months: 3, km: 5000}
        + term: {days: 91, km: 5000}
        # a floor that is sold: below_legal_floor
        - limited: false, charged: false}
        - term: {months: 3,
        + limited: false, charged: true}
        + term: {months: 3,
        # a floor with a deductible: below_legal_floor
        - deductible: false, limited: false, charged: false}
        - term: {months: 3,
        + deductible: true, limited: false, charged: false}
        + term: {months: 3,
        # a floor that waits: below_legal_floor
        - waits: false, deductible: false, limited: false, charged: false}
        - term: {months: 3,
        + waits: true, deductible: false, limited: false, charged: false}
        + term: {months: 3,
        # a floor that is limited: below_legal_floor
        - limited: false, charged: false}
        - term: {months: 36
        + limited: true, charged: false}
        + term: {months: 36
        # the carrier waits: below_legal_floor
        - term: {months: 3, km: 5000}
        - deductibles_fen
        + term: {months: 3, km: 5000}
        + waiting: {days: 15, km: 500}
        + deductibles_fen
        # the carrier deducts: below_legal_floor
        - deductibles_fen: [0]
        - limits: {claim_bp: 3000
        + deductibles_fen: [0, 50000]
        + limits: {claim_bp: 3000
        # no carrier: no_carrier
        - carries_floor: true
        + carries_floor: false
        # brakes left out: below_legal_floor
        - - {component: brakes, cover: covered, clause: I-BRAKES}
        + # nothing
        # the crankshaft left out: below_legal_floor
        - - {component: engine, cover: covered, clause: I-ENGINE}
        - - {component: transmission, cover: covered, clause: I-TRANSMISSION}
        - - {component: steering
        + - {component: engine, cover: covered, clause: I-ENGINE}
        + - {component: engine.crank.crankshaft, cover: excluded, clause: X-WEAR}
        + - {component: transmission, cover: covered, clause: I-TRANSMISSION}
        + - {component: steering
        # an unknown part: unknown_component
        - {component: electrics.power, cover
        + {component: electrics.powder, cover
        # an unknown clause: unknown_clause
        - clause: I-POWER}
        + clause: I-POWDER}
        # an unknown source: unknown_source
        - source: zhejiang-28
        - zh: 在
        + source: zhejiang-29
        + zh: 在
        # an unknown tier: unknown_tier
        - tier: premium
        + tier: platinum
        # a part named twice: ambiguous_name
        - en: Crankshaft}
        + en: Crankshaft, also: [活塞]}
        # a clause twice: duplicate
        - - id: I-POWER
        + - id: I-ELECTRICS
        # a plan twice: duplicate
        - - id: plus
        + - id: basic
        # an unfair term: unfair_term
        - 自主选择保养企业不影响保障
        + 最终解释权归平台所有
        # a limit above the total: limits
        - claim_bp: 3000, component_bp: 3000
        + claim_bp: 6000, component_bp: 3000
        # a limit above the car's value: not_in_range
        - total_bp: 10000
        + total_bp: 10001
        # an extension without insurer: insurer_share
        - insurer_share_bp: 8000
        + # nothing
        # a tier with an insurer: insurer_share
        - carries_floor: true
        + carries_floor: true
        + insurer_share_bp: 5000
        # the floor as an extension: floor_sold_as_extra
        - insurer_share_bp: 8000
        + insurer_share_bp: 8000
        + floor: {clause: F-NATIONAL, waits: false, deductible: false, limited: false, charged: false}
        # the floor carried by an extra: floor_sold_as_extra
        - insurer_share_bp: 8000
        + insurer_share_bp: 8000
        + carries_floor: true
        # no price below 100,000: price_bands
        - from_fen: 0
        + from_fen: 1
        # two packages at one price: price_bands
        - from_fen: 10000000
        + from_fen: 30000000
        # steps that fall: steps_not_rising
        - - {up_to: 24, bp: 8500}
        + - {up_to: 48, bp: 8500}
        # steps that end: steps_not_rising
        - - {up_to: max, bp: 22000}
        + - {up_to: 999999, bp: 22000}
        # a segment without a rate: missing_rate
        - pickup: 11000}
        + pickups: 11000}
        # regions without a rest: no_else
        - , else: 10000}
        + }
        # a factor of nothing: not_in_range
        - bp: 8200}
        + bp: 0}
        # a date that is none: not_a_date
        - effective_from: 2026-11-01
        + effective_from: 2026-11-31
        # a clause that is needed: missing_clause
        - - id: X-NOT-FITTED
        + - id: X-NOT-FITTER
        # a higher tier that is shorter: rank
        - term: {months: 36, km: 50000}
        + term: {months: 36, km: 10000}
        # no YAML: yaml
        - plans:
        + plans: [
        """
    )

    @Test(arguments: broken) func `an unsound edition is refused, with the line of every fault`(
        _ edition: BrokenEdition
    ) throws {
        let yaml = try #require(edition.yaml, "not in the shipped edition: \(edition.old)")
        let refusal = try #require(throws: BookRefusal.self) { try PlanBook(yaml: yaml) }
        #expect(refusal.faults.map(\.code).contains(edition.fault), "\(refusal)")
        #expect(refusal.faults.allSatisfy { $0.line > 0 })
    }

    @Test func `a fault names its line`() throws {
        let lines = ShippedPlans.yaml.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains("total_bp: 10000") })
        let yaml = ShippedPlans.yaml.replacing("total_bp: 10000", with: "total_bp: ten")
        let refusal = try #require(throws: BookRefusal.self) { try PlanBook(yaml: yaml) }
        #expect(refusal.faults.map(\.line) == [line + 1])
        #expect(refusal.faults.map(\.path) == ["plans[2].limits.total_bp"])
    }

    @Test func `every fault is named, not only the first`() throws {
        let yaml = ShippedPlans.yaml.replacing(
            "term: {months: 3, km: 5000}\n    ded",
            with: "term: {months: 1, km: 1}\n    ded"
        )
        .replacing("from_fen: 0", with: "from_fen: -1").replacing("I-CLIMATE}", with: "I-WEATHER}")
        let refusal = try #require(throws: BookRefusal.self) { try PlanBook(yaml: yaml) }
        #expect(Set(refusal.faults.map(\.code)).isSuperset(of: ["not_in_range", "unknown_clause"]))
    }

    @Test func `an empty file, a list and a hostile size are refused`() {
        for yaml in ["", "- a\n- b\n", "edition", String(repeating: "#", count: 5 << 20)] {
            #expect(throws: BookRefusal.self) { try PlanBook(yaml: yaml) }
        }
    }
}
