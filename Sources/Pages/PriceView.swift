import Core
import Valuation
import Web

/// An estimate as a page: the price first, then why, then what it was compared with.
struct PriceView {
    let sheet: Sheet
    /// As the API tells it.
    let stored: JSON?
    let published: JSON?

    private var estimate: JSON { stored?["estimate"] ?? .null }
    private var retail: JSON { estimate.list("values").first { $0.text("kind") == "retail" } ?? .null }
    private var confidence: String { estimate.text("confidence") }

    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    func write(_ page: inout HTMLWriter) {
        writePrice(&page)
        writeWarnings(&page)
        page.element("div", ["class": "columns"]) { page in
            page.element("div") { page in
                writeFactors(&page)
            }
            page.element("div") { page in
                writeComparables(&page)
                writeValues(&page)
                writeOrigin(&page)
            }
        }
    }

    // MARK: The price

    private func writePrice(_ page: inout HTMLWriter) {
        page.element("section", ["class": "card price-card", "aria-labelledby": "price"]) { page in
            page.element("p", ["class": "under-title soft"], carName)
            if let point = retail["point_fen"]?.integerValue {
                page.element("h2", ["id": "price"], say("零售估价", "Estimated retail price"))
                page.element("p", ["class": "price-figure"], amount(point))
                page.element("p", range(retail))
            } else {
                page.element("h2", ["id": "price"], say("没有零售估价", "No retail price"))
                page.element("p", ["class": "verdict critical"], retail["refusal"]?.words(sheet.language) ?? "")
            }
            page.element("p") { page in
                let name = say("可信度 \(confidence)", "Confidence \(confidence)")
                page.element("span", ["class": "badge \(badgeClass)"], name)
                page.text(" " + confidenceSentence)
            }
            writePromise(&page)
        }
    }

    private var carName: String {
        let car = stored?["car"] ?? .null
        let parts = [car.text("brand"), car.text("series"), car.text("trim")].filter { !$0.isEmpty }
        let km = car["odometer_km"]?.integerValue.map { say("\($0) 公里", "\($0) km") }
        let day = car.text("registered_on")
        let registered = day.isEmpty ? nil : say("\(day) 登记", "registered \(day)")
        let facts = [registered, km].compactMap { $0 }
        let name = parts.isEmpty ? say("所述车辆", "The car described") : parts.joined(separator: " ")
        return ([name] + facts).joined(separator: " · ")
    }

    private func amount(_ fen: Int64) -> String {
        say("\(plainWan(Money(fen: fen))) 万元", "¥\(PlainAmount.grouped((fen + 50) / 100))")
    }

    private func range(_ value: JSON) -> String {
        guard let low = value["low_fen"]?.integerValue, let high = value["high_fen"]?.integerValue else { return "" }
        return say(
            "十辆这样的车，约八辆在 \(amount(low)) 到 \(amount(high)) 之间成交。",
            "About eight of ten such cars sell for \(amount(low)) to \(amount(high))."
        )
    }

    private var badgeClass: String {
        switch confidence {
        case "A", "B": "fresh"
        case "C": "slow"
        default: "overdue"
        }
    }

    private var confidenceSentence: String {
        let percent = plainPercent(estimate.number("expected_error_ppm"))
        switch confidence {
        case "A", "B":
            return say("预计一半的估价误差在 \(percent) 以内。", "Half of such estimates should be within \(percent).")
        case "C":
            return say(
                "可比成交不多，预计中位误差 \(percent)，请看区间。",
                "Few sales to compare with: median error about \(percent), so mind the range."
            )
        default:
            return say("依据太少或车况存疑，只供参考。", "Too little to go by, or doubts about the car: a hint only.")
        }
    }

    /// Only while the platform's own sales bear it out.
    private func writePromise(_ page: inout HTMLWriter) {
        let own = published?.list("classes").first { $0.text("class") == confidence }
        guard let own, own["badge"] == true, let figures = own["figures"] else { return }
        let (n, error) = (figures.number("n"), plainPercent(figures.number("median_abs_error_ppm")))
        page.element("p", ["class": "done"]) { page in
            page.text(
                say(
                    "5% 承诺有效：近 12 个月本平台 \(n) 笔 \(confidence) 级成交，中位误差 \(error)。",
                    "The 5 % promise holds: median error \(error) over \(n) class \(confidence) sales of 12 months."
                )
            )
        }
    }

    private func writeWarnings(_ page: inout HTMLWriter) {
        let warnings = estimate.list("warnings")
        guard !warnings.isEmpty else { return }
        page.element("div", ["class": "notice"]) { page in
            page.element("strong", say("请注意", "Mind"))
            page.element("ul") { page in
                for warning in warnings { page.element("li", warning.words(sheet.language)) }
            }
        }
    }

    // MARK: Why

    private func writeFactors(_ page: inout HTMLWriter) {
        let steps = PriceStep.all(estimate.list("lines"), sheet.language)
        page.element("section", ["class": "card", "aria-labelledby": "factors"]) { page in
            page.element("h2", ["id": "factors"], say("价格怎么来的", "How the price comes about"))
            let scale = PriceStep.scale(steps)
            page.element("ol", ["class": "waterfall"]) { page in
                for step in steps where step.counts { write(step, scale, &page) }
                if let last = steps.last {
                    let name = say("合计", "Together")
                    let total = PriceStep(name: name, reads: "", from: 0, to: last.to, percent: "", kind: .total)
                    write(total, scale, &page)
                }
            }
            let idle = steps.filter { !$0.counts }
            guard !idle.isEmpty else { return }
            page.element("details") { page in
                page.element("summary", say("没有影响的 \(idle.count) 项", "Without effect: \(idle.count)"))
                page.element("ul") { page in
                    for step in idle {
                        page.element("li", step.reads.isEmpty ? step.name : "\(step.name)（\(step.reads)）")
                    }
                }
            }
        }
    }

    private func write(_ step: PriceStep, _ scale: Int64, _ page: inout HTMLWriter) {
        page.element("li", ["class": "step \(step.kind.rawValue)"]) { page in
            page.element("span", ["class": "step-name"], step.name)
            page.element("span", ["class": "figure"], step.isWhole ? amount(step.to) : signed(step.to - step.from))
            page.element(
                "svg",
                ["viewBox": "0 0 1000 16", "preserveAspectRatio": "none", "class": "bar", "aria-hidden": "true"]
            ) { page in
                let (start, end) = (min(step.from, step.to) * 1000 / scale, max(step.from, step.to) * 1000 / scale)
                page.element(
                    "rect",
                    ["x": "\(start)", "y": "0", "width": "\(max(4, end - start))", "height": "16"]
                )
            }
            let words = [step.percent, step.reads].filter { !$0.isEmpty }.joined(separator: " · ")
            if !words.isEmpty { page.element("span", ["class": "soft"], words) }
        }
    }

    private func signed(_ fen: Int64) -> String {
        let yuan = PlainAmount.grouped((abs(fen) + 50) / 100)
        return (fen < 0 ? "−" : "+") + say("\(yuan) 元", "¥\(yuan)")
    }

    // MARK: Compared with

    private func writeComparables(_ page: inout HTMLWriter) {
        let evidence = estimate["evidence"] ?? .null
        let sales = evidence.list("comparables")
        page.element("section", ["class": "card", "aria-labelledby": "comparables"]) { page in
            page.element("h2", ["id": "comparables"], say("拿什么比的", "What it was compared with"))
            // Those of little weight are counted, and not listed.
            let count = evidence["comparable_count"]?.integerValue ?? Int64(sales.count)
            page.element("p", standing(evidence.text("standing"), count))
            guard !sales.isEmpty else { return }
            let subject = PriceScatter.Subject(
                km: stored?["car"]?["odometer_km"]?.integerValue,
                point: retail["point_fen"]?.integerValue,
                low: retail["low_fen"]?.integerValue,
                high: retail["high_fen"]?.integerValue
            )
            PriceScatter(sales: sales, subject: subject, language: sheet.language).write(&page)
            page.element("details") { page in
                page.element("summary", listing(sales.count, of: count))
                page.element("ul", ["class": "sales"]) { page in
                    for sale in sales { page.element("li", sentence(of: sale)) }
                }
            }
        }
    }

    private func listing(_ listed: Int, of count: Int64) -> String {
        guard Int64(listed) < count else { return say("逐笔列出", "One by one") }
        return say("逐笔列出权重最大的 \(listed) 笔", "The \(listed) that weigh most, one by one")
    }

    private func standing(_ standing: String, _ count: Int64) -> String {
        switch standing {
        case "trim": say("以同款车的成交为主，共比了 \(count) 笔。", "Mostly sales of the same trim: \(count) in all.")
        case "series":
            say(
                "同款成交太少，以同车系为主，共比了 \(count) 笔。",
                "Too few of the trim, so mostly of the series: \(count) in all."
            )
        case "brand": say("同车系没有成交，参考同品牌的行情。", "None of the series, so the make's level was used.")
        case "market": say("同品牌没有成交，参考整个市场的行情。", "None of the make, so the market's level was used.")
        default: say("没有可比的成交，只按规则估算。", "No sales to compare with: the rules stand alone.")
        }
    }

    private func sentence(of sale: JSON) -> String {
        let reading = sale["odometer_km"]?.integerValue
        let km = reading.map { say("\($0) 公里", "\($0) km") } ?? say("里程不详", "odometer unknown")
        let age = sale["age_months"]?.integerValue.map { say("车龄 \($0) 个月", "\($0) months old") }
        let price = amount(sale.number("price_fen"))
        let adjusted = amount(sale.number("adjusted_fen"))
        let facts = ([sale.text("sold_in"), km] + [age].compactMap { $0 }).joined(separator: say("，", ", "))
        return say("\(facts)：\(price)，折算到这辆车 \(adjusted)", "\(facts): \(price), for this car \(adjusted)")
    }

    // MARK: Other prices

    private func writeValues(_ page: inout HTMLWriter) {
        page.element("section", ["class": "card", "aria-labelledby": "values"]) { page in
            page.element("h2", ["id": "values"], say("不同交易方式的价格", "Prices by kind of deal"))
            page.element("dl", ["class": "facts wide"]) { page in
                for value in estimate.list("values") {
                    page.element("div") { page in
                        page.element("dt", value["label"]?.words(sheet.language) ?? "")
                        page.element("dd", words(of: value))
                    }
                }
            }
        }
    }

    private func words(of value: JSON) -> String {
        guard let low = value["low_fen"]?.integerValue, let high = value["high_fen"]?.integerValue else {
            return say("不适用", "None")
        }
        let ends = "\(amount(low)) – \(amount(high))"
        return value["point_fen"]?.integerValue.map { say("\(amount($0))（\(ends)）", "\(amount($0)) (\(ends))") } ?? ends
    }

    private func writeOrigin(_ page: inout HTMLWriter) {
        let rules = estimate["rule_set"] ?? .null
        let id = stored?.text("id") ?? ""
        page.element("p", ["class": "soft"]) { page in
            page.text(
                say(
                    "估价日 \(estimate.text("valued_on"))，规则 \(rules.text("id")) \(rules.text("version"))，编号 ",
                    "Valued on \(estimate.text("valued_on")) by \(rules.text("id")) \(rules.text("version")), "
                )
            )
            page.element("a", ["href": "/v1/pricing/estimates/\(id)"], id)
            let isSame = stored?["verified"] == true
            page.text(
                isSame
                    ? say("。刚才已用保存的规则和成交重算，结果一致。", ". It was made again just now, and came to the same.")
                    : say("。注意：重算结果与当时不一致。", ". Mind: made again, it came to something else.")
            )
        }
    }
}

enum PlainAmount {
    /// 76,500
    static func grouped(_ number: Int64) -> String {
        let digits = Array(String(abs(number)))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }
}
