import Core
package import Cryptography

/// A contract as people read and print it. Its bytes are what the hash on the ledger is of: whoever has the paper can
/// type it in again and come to the same hash.
package struct ContractText: Sendable, Hashable {
    package let language: Language
    package let lines: [Line]

    package enum Language: String, Sendable, Hashable, CaseIterable {
        /// The one that holds where both differ.
        case zh
        case en
    }

    package struct Line: Sendable, Hashable {
        package let kind: Kind
        package let text: String

        package enum Kind: String, Sendable, Hashable, CaseIterable {
            case title
            case heading
            case fact
            case clause
        }
    }

    /// A line each, all of them ended.
    package var text: String { lines.map { $0.text + "\n" }.joined() }

    package var hash: Digest { SHA256.hash(Array(text.utf8)) }
}

extension PlanBook {
    /// The same terms give the same text, to the byte.
    package func text(of terms: ContractTerms, in language: ContractText.Language) -> ContractText {
        var writer = ContractWriter(book: self, terms: terms, language: language)
        writer.writeAll()
        return ContractText(language: language, lines: writer.lines)
    }
}

/// Writes a contract line by line.
private struct ContractWriter {
    let book: PlanBook
    let terms: ContractTerms
    let language: ContractText.Language
    var lines: [ContractText.Line] = []
    private var headings: Int64 = 0

    init(book: PlanBook, terms: ContractTerms, language: ContractText.Language) {
        self.book = book
        self.terms = terms
        self.language = language
    }

    mutating func writeAll() {
        add(.title, "车信二手车质保合同", "Chexin used-car warranty contract")
        fact("合同编号", "Contract", terms.id.text)
        writeCar()
        for layer in terms.layers { write(layer) }
        writePrice()
        writeManufacturer()
        writeGrants()
        writeClauses()
        writeProof()
    }

    // MARK: Lines

    private func choose(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
    private func choose(_ text: LocalizedText) -> String { choose(text.zh, text.en) }

    private mutating func add(_ kind: ContractText.Line.Kind, _ zh: String, _ en: String) {
        lines.append(ContractText.Line(kind: kind, text: choose(zh, en)))
    }

    private mutating func heading(_ zh: String, _ en: String) {
        headings += 1
        add(.heading, "\(headings)．\(zh)", "\(headings). \(en)")
    }

    private mutating func fact(_ zh: String, _ en: String, _ value: String) {
        add(.fact, "\(zh)：\(value)", "\(en): \(value)")
    }

    private mutating func fact(_ name: LocalizedText, _ value: LocalizedText) {
        add(.fact, "\(name.zh)：\(value.zh)", "\(name.en): \(value.en)")
    }

    private func money(_ money: Money) -> String { choose("\(yuan(money)) 元", "\(yuan(money)) yuan") }
    private func km(_ number: Int64) -> String { choose("\(grouped(number)) 公里", "\(grouped(number)) km") }

    // MARK: Parts

    private mutating func writeCar() {
        let sale = terms.sale
        heading("车辆", "The car")
        fact("车辆识别代号", "VIN", sale.vin.text)
        fact("首次登记日期", "First registered", sale.firstRegisteredOn.description)
        if let inServiceOn = sale.inServiceOn { fact("新车发票日期", "New car invoiced", inServiceOn.description) }
        fact("交付日期", "Delivered", sale.soldOn.description)
        fact("二手车发票日期", "Invoiced", terms.invoicedOn.description)
        fact("交付时里程", "Odometer at delivery", km(sale.odometerKm))
        fact("成交价", "Price of the car", money(sale.price))
        fact("市场价值", "Market value", money(sale.marketValue))
        if let renews = terms.renews { fact("承接合同", "Continues", renews.text) }
    }

    private mutating func write(_ layer: CoverLayer) {
        heading(layer.name.zh, layer.name.en)
        fact(LocalizedText(zh: "承担方", en: "Borne by"), layer.payer.name)
        if let policy = layer.policy {
            fact("承保人", "Insurer", policy.insurer)
            fact("保险单号", "Policy", policy.number)
        }
        if let floor = book.floors.first(where: { $0.id == layer.id }), layer.payer == .legalFloor {
            fact(LocalizedText(zh: "依据", en: "By"), floor.source.citation)
        }
        let period = layer.period
        fact("期限", "Time", choose("\(period.start) 至 \(period.end)", "\(period.start) to \(period.end)"))
        fact("里程", "Distance", choose("至 \(km(period.endKm))", "up to \(km(period.endKm))"))
        if layer.isFollowing {
            add(.fact, "自平台质保期满或满额时起承担", "It answers once the platform's plan has ended by time or distance")
        }
        if let from = layer.answersFrom, let fromKm = layer.answersFromKm {
            add(
                .fact,
                "等待期：\(from) 起或超过 \(km(fromKm)) 起承担，以先到者为准",
                "Waiting: it answers from \(from) on, or past \(km(fromKm)), whichever comes first"
            )
        }
        if let limits = layer.limits {
            fact("免赔额", "Deductible", money(layer.deductible))
            fact("单次限额", "Limit for a claim", money(limits.claim))
            fact("单一部件限额", "Limit for a component", money(limits.component))
            fact("累计限额", "Limit in all", money(limits.total))
        }
    }

    private mutating func writePrice() {
        heading("价款", "The price")
        for layer in terms.soldLayers {
            for line in layer.lines { fact(line.label.zh, line.label.en, money(line.amount)) }
            fact("\(layer.name.zh)小计", "\(layer.name.en), in all", money(layer.price))
            if let policy = layer.policy {
                fact("其中保费", "of which premium", money(policy.premium))
                fact("其中服务费", "of which commission", money(policy.commission))
            }
        }
        fact("合计", "To pay", money(Money(fen: terms.soldLayers.reduce(0) { $0 + $1.price.fen })))
        fact("付清期限", "Due on", terms.paymentDueOn.description)
        fact("全额退保期限", "Full refund until", terms.freeLookUntil.description)
    }

    private mutating func writeManufacturer() {
        heading("原厂剩余保障", "What the maker still owes")
        guard let cover = terms.manufacturer, cover.period.contains(terms.sale.soldOn, terms.sale.odometerKm) else {
            add(.fact, "交付时已无原厂包修", "Nothing any more at delivery")
            return
        }
        let (end, endKm) = (cover.period.end, km(cover.period.endKm))
        fact("原厂包修", "The maker's repair warranty", choose("至 \(end) 或 \(endKm)", "until \(end) or \(endKm)"))
        if cover.isStartAssumed, let clause = book.clause(book.manufacturer.assumedStartClause) {
            add(.fact, clause.text.zh, clause.text.en)
        }
    }

    private mutating func writeGrants() {
        guard !terms.grants.isEmpty else { return }
        heading("附赠服务", "Services")
        for grant in terms.grants {
            let count = grant.count.map { choose("\($0) 次", "\($0) ×") } ?? choose("不限次数", "as needed")
            let distance = grant.untilKm.map { choose("，不超过 \(km($0))", ", up to \(km($0))") } ?? ""
            let until = choose("，\(grant.until) 止有效", ", until \(grant.until)")
            fact(grant.name.zh, grant.name.en, count + until + distance)
        }
    }

    private mutating func writeClauses() {
        for layer in terms.soldLayers {
            guard let plan = book.plan(layer.id) else { continue }
            for section in book.wording(of: plan).sections {
                heading("\(plan.name.zh)：\(section.title.zh)", "\(plan.name.en): \(section.title.en)")
                for clause in section.clauses {
                    let citation = clause.source.citation
                    add(
                        .clause,
                        "\(clause.id) \(clause.text.zh)（\(citation.zh)）",
                        "\(clause.id) \(clause.text.en) (\(citation.en))"
                    )
                }
            }
        }
    }

    private mutating func writeProof() {
        heading("核对", "How to check this")
        fact("条款版本", "Edition", terms.edition)
        fact("条款版本哈希", "Hash of the edition", terms.bookHash.hex)
        for layer in terms.soldLayers {
            guard let hash = layer.wordingHash else { continue }
            fact("\(layer.name.zh)条款文本哈希", "Hash of the wording of \(layer.name.en)", hash.hex)
        }
        fact("合同数据哈希", "Hash of the terms", terms.hash.hex)
        add(
            .fact,
            "以上全部文字逐行以换行结尾，按 UTF-8 计算 SHA-256，即为合同哈希。中英文不一致时以中文为准。",
            "SHA-256 over all lines above and this one, each ended by a line feed, in UTF-8, is the hash of this text. "
                + "Where it differs from the Chinese, the Chinese holds."
        )
    }
}
