import Core
import Cryptography
import Web

/// The portfolio to look at: figures, a chart by month, and the same months as a table.
struct PortfolioPage {
    let portfolio: Portfolio
    let language: Language

    private static let style: StaticString = """
        :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#f1f3f6;--faint:#4f5358;--earned:#1f6feb;--unearned:#8250df}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e6ea;--paper:#17181b;--soft:#24262b;--faint:#b3b7bf;--earned:#58a6ff;--unearned:#bc8cff}}
        body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--paper);color:var(--ink);line-height:1.6;font-family:system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
        dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:1rem 0}
        dl div{background:var(--soft);border-radius:.5rem;padding:.75rem 1rem}dt{color:var(--faint);font-size:.85rem}
        dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th,td{padding:.35rem .6rem;text-align:right;border-bottom:1px solid var(--soft)}
        th:first-child,td:first-child{text-align:left}
        svg{width:100%;height:auto;background:var(--soft);border-radius:.5rem}
        svg text{fill:var(--faint);font-size:11px}.earned{fill:var(--earned)}
        .unearned{fill:none;stroke:var(--unearned);stroke-width:2}
        .key{color:var(--faint);font-size:.85rem}.key b{color:var(--earned)}
        .key i{color:var(--unearned);font-style:normal;font-weight:700}
        """

    static let contentSecurityPolicy =
        "default-src 'none'; style-src 'sha256-\(Base64.encode(SHA256.hash(Array("\(style)".utf8)).bytes))'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private func say(_ zh: String, _ en: String) -> String { language == .chinese ? zh : en }
    private func amount(_ money: Money) -> String { say("\(yuan(money)) 元", "¥\(yuan(money))") }

    var html: String {
        var page = HTMLWriter()
        let title = say("质保业务（截至 \(portfolio.asOf)）", "Warranty portfolio as of \(portfolio.asOf)")
        page.element("html", ["lang": language.rawValue]) { page in
            page.element("head") { page in
                page.element("meta", ["charset": "utf-8"])
                page.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                page.element("title", title)
                page.style(PortfolioPage.style)
            }
            page.element("body") { page in
                page.element("h1", title)
                figures(on: &page)
                page.element("h2", say("每月已赚与未赚保费", "Earned and unearned by month"))
                PortfolioChart(
                    months: portfolio.months,
                    label: say("每月已赚与月末未赚", "Earned by month and unearned at its end")
                )
                .write(to: &page)
                page.element("p", ["class": "key"]) { page in
                    page.element("b", say("■ 当月已赚", "■ earned in the month"))
                    page.text(" ")
                    page.element("i", say("— 月末未赚", "— unearned at its end"))
                }
                plans(on: &page)
                months(on: &page)
            }
        }
        return page.html
    }

    private func figures(on page: inout HTMLWriter) {
        let loss = portfolio.lossRatio.map { "\($0.value / 100).\($0.value % 100 < 10 ? "0" : "")\($0.value % 100) %" }
        let living: [Contract.Status] = [.active, .waiting, .unpaid]
        let count = living.reduce(0) { $0 + (portfolio.counts[$1] ?? 0) }
        let expiring = portfolio.expiring.map { "\($0.count)" }.joined(separator: " / ")
        let figures: [(String, String)] = [
            (say("有效合同", "In force"), "\(count)"),
            (say("风险敞口", "Exposure"), amount(portfolio.exposure)),
            (say("已签保费", "Written"), amount(portfolio.written)),
            (say("已赚保费", "Earned"), amount(portfolio.earned)),
            (say("未赚保费", "Unearned"), amount(portfolio.months.last?.unearned ?? .zero)),
            (say("已付赔款", "Claims paid"), amount(portfolio.claimsPaid)),
            (say("赔付率", "Loss ratio"), loss ?? "—"),
            (say("30/60/90 日内到期", "Ending within 30/60/90 days"), expiring),
        ]
        page.element("dl") { page in
            for (name, value) in figures {
                page.element("div") { page in
                    page.element("dt", name)
                    page.element("dd", value)
                }
            }
        }
    }

    private func plans(on page: inout HTMLWriter) {
        page.element("h2", say("按方案", "By plan"))
        let heads = [say("方案", "Plan"), say("有效", "In force"), say("敞口", "Exposure")]
        table(
            on: &page,
            heads,
            portfolio.inForce.map { plan in
                [language == .chinese ? plan.name.zh : plan.name.en, "\(plan.count)", amount(plan.exposure)]
            }
        )
    }

    private func months(on page: inout HTMLWriter) {
        page.element("h2", say("按月", "By month"))
        let heads = [
            say("月", "Month"), say("签单", "Written"), say("已赚", "Earned"), say("退还", "Paid back"),
            say("月末未赚", "Unearned"),
        ]
        table(
            on: &page,
            heads,
            portfolio.months.map { month in
                [String(month.start.description.prefix(7))]
                    + [month.written, month.earned, month.refunded, month.unearned].map(amount)
            }
        )
    }

    private func table(on page: inout HTMLWriter, _ heads: [String], _ rows: [[String]]) {
        page.element("table") { page in
            page.element("thead") { page in
                page.element("tr") { page in for head in heads { page.element("th", ["scope": "col"], head) } }
            }
            page.element("tbody") { page in
                for row in rows {
                    page.element("tr") { page in for cell in row { page.element("td", cell) } }
                }
            }
        }
    }
}

/// Bars for what was earned in a month, a line for what was unearned at its end; the months that fit, the newest last.
private struct PortfolioChart {
    let months: ArraySlice<Portfolio.Month>
    let label: String

    private static let (width, height): (Int64, Int64) = (720, 240)
    private static let (left, bottom): (Int64, Int64) = (70, 30)
    private static let shownMonths = 24

    init(months: [Portfolio.Month], label: String) {
        self.months = months.suffix(PortfolioChart.shownMonths)
        self.label = label
    }

    private var top: Int64 { max(1, months.map { max($0.earned.fen, $0.unearned.fen) }.max() ?? 1) }

    private func y(_ money: Money) -> Int64 {
        let room = PortfolioChart.height - PortfolioChart.bottom - 15
        return 15 + room - max(0, money.fen) * room / top
    }

    func write(to page: inout HTMLWriter) {
        let (width, height) = (PortfolioChart.width, PortfolioChart.height)
        let step = (width - PortfolioChart.left - 10) / Int64(max(1, months.count))
        let base = height - PortfolioChart.bottom
        page.element("svg", ["viewBox": "0 0 \(width) \(height)", "role": "img", "aria-label": label]) { page in
            page.element("text", ["x": "4", "y": "19"], plainYuan(Money(fen: top / 100 * 100)))
            page.element("text", ["x": "4", "y": "\(base)"], "0")
            var line = ""
            for (index, month) in months.enumerated() {
                let x = PortfolioChart.left + Int64(index) * step
                let y = y(month.earned)
                let bar = (x: "\(x + step / 5)", width: "\(max(1, step * 3 / 5))")
                page.element(
                    "rect",
                    ["class": "earned", "x": bar.x, "y": "\(y)", "width": bar.width, "height": "\(base - y)"]
                )
                line += "\(line.isEmpty ? "M" : "L")\(x + step / 2) \(self.y(month.unearned))"
                if months.count <= 12 || index.isMultiple(of: 3) {
                    let name = String(month.start.description.prefix(7))
                    page.element("text", ["x": "\(x)", "y": "\(height - 10)"], name)
                }
            }
            if !line.isEmpty { page.element("path", ["class": "unearned", "d": line]) }
        }
    }
}
