import Core
import Cryptography
import Yams

extension PlanBook {
    private static let lifeDays: ClosedRange<Int64> = 1...366
    private static let dailyKm: ClosedRange<Int64> = 1...5000
    /// An edition is a text that people write; more is a mistake.
    private static let maximumBytes = 4 << 20

    /// Reads an edition, and checks all of it.
    ///
    /// - Throws: `BookRefusal` with every fault that was found, each with its line.
    package init(yaml text: String) throws {
        let bytes = Array(text.utf8)
        let faults = BookFaults()
        let root = try PlanBook.root(text, byteCount: bytes.count, faults)
        var book = PlanBook(root, hash: SHA256.hash(bytes))
        root.refuseUnknownMembers()
        book.checkAllNames(root)
        if faults.all.isEmpty { book.check(root) }
        guard faults.all.isEmpty else { throw BookRefusal(faults: faults.all.sorted { $0.line < $1.line }) }
        book.prepare()
        self = book
    }

    private static func root(_ text: String, byteCount: Int, _ faults: BookFaults) throws -> BookObject {
        guard byteCount <= maximumBytes else { throw refusal(1, "too_large", zh: "文件过大", en: "the file is too large") }
        do {
            guard let node = try Yams.compose(yaml: text, .basic) else {
                throw refusal(1, "empty", zh: "文件为空", en: "the file is empty")
            }
            return BookObject(node, path: "", faults: faults)
        } catch let error as YamlError {
            throw refusal(line(of: error), "yaml", zh: "不是合法的 YAML", en: "no valid YAML: \(error)")
        }
    }

    private static func refusal(_ line: Int, _ code: String, zh: String, en: String) -> BookRefusal {
        BookRefusal(faults: [BookFault(line: line, path: "", code: code, detail: LocalizedText(zh: zh, en: en))])
    }

    private static func line(of error: YamlError) -> Int {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: 1
        }
    }

    private init(_ root: BookObject, hash: Digest) {
        edition = root.text("edition")
        effectiveFrom = root.date("effective_from")
        self.hash = hash

        var names = BookNames()
        sources = root.objects("sources").map(BookSource.init)
        names.sources = Set(sources.map(\.id))
        let bySource = Dictionary(sources.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let clauses = root.objects("clauses").compactMap { Clause($0, bySource, names) }
        clausesByID = Dictionary(clauses.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        names.clauses = Set(clausesByID.keys)
        tree = ComponentTree(root.objects("components").flatMap { Component.all($0, within: nil) })
        self.names = ComponentNames(tree)
        names.components = tree.ids
        let kinds = CoverScope.kinds(root.object("kinds"), names)

        floors = root.objects("floors").map { LegalFloor($0, sources: bySource, names) }
        manufacturer = ManufacturerRules(root.object("manufacturer"), names)
        let planObjects = root.objects("plans")
        names.tiers = Set(planObjects.filter { $0.text("kind") == "tier" }.map { $0.text("id") })
        plans = planObjects.map { WarrantyPlan($0, kinds: kinds, names) }
        rates = RateRules(root.object("rates"), names)
        packages = root.objects("packages").map { ServicePackage($0, names) }
        grants = root.objects("grants").map { Grant($0, names) }
        termClauses = root.references("terms", to: names.clauses, "clause")
        exclusionClauses = root.references("exclusions", to: names.clauses, "clause")
        evidence = Evidence(root.object("evidence"), names)
        life = PlanBook.life(root.object("life"))
    }

    private static func life(_ object: BookObject?) -> Life {
        func days(_ name: String) -> Int { Int(object?.integer(name, in: lifeDays) ?? 1) }
        let life = Life(
            quoteDays: days("quote_days"),
            paymentDays: days("payment_days"),
            freeLookDays: days("free_look_days"),
            renewalDays: days("renewal_days"),
            goodwillDays: days("goodwill_days"),
            plausibleKmPerDay: object?.integer("plausible_km_per_day", in: dailyKm) ?? 1
        )
        object?.refuseUnknownMembers()
        return life
    }
}

extension BookSource {
    fileprivate init(_ object: BookObject) {
        id = object.text("id")
        basis = object.choice("basis", .recalledNotRead)
        title = object.localizedText()
        object.refuseUnknownMembers()
    }
}

extension Clause {
    /// Words that no standard term may have (Measures on Penalties for Infringing Consumers' Rights, article 12): they
    /// take from the buyer what the law gives.
    private static let unfairWords = ["最终解释权", "概不负责", "概不退换", "一经售出", "final interpretation"]

    fileprivate init?(_ object: BookObject, _ sources: [String: BookSource], _ names: BookNames) {
        let id = object.text("id")
        let source = object.reference("source", to: names.sources, "source")
        let text = object.localizedText()
        object.refuseUnknownMembers()
        for word in Clause.unfairWords where text.zh.contains(word) || text.en.lowercased().contains(word) {
            object.fault("zh", "unfair_term", zh: "格式条款不得出现“\(word)”", en: "no standard term may say “\(word)”")
        }
        if text.en.unicodeScalars.contains(where: { $0.properties.isIdeographic }) {
            object.fault("en", "not_english", zh: "英文文本中有汉字", en: "the English text has Chinese in it")
        }
        guard let source = sources[source] else { return nil }
        self.init(id: id, text: text, source: source)
    }
}

extension PlanBook.Evidence {
    fileprivate init(_ object: BookObject?, _ names: BookNames) {
        var byPayer: [Payer: [String]] = [:]
        for payer in Payer.allCases {
            byPayer[payer] = object?.references(payer.rawValue, to: names.clauses, "clause") ?? []
        }
        self.byPayer = byPayer
        capacity = object?.references("capacity", to: names.clauses, "clause") ?? []
        object?.refuseUnknownMembers()
    }
}
