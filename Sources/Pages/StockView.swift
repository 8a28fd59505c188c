import Core
import Listings
import Web

/// The stock as a page.
struct StockView {
    let sheet: Sheet
    let choice: StockChoice
    let counts: StockCounts
    let cars: [StockCar]
    let foundCount: Int
    let tags: [ListingID: String]
    let mayChange: Bool
    let isCutShort: Bool
    let lines: StockAlertDays
    let done: String?

    func write(_ page: inout HTMLWriter) {
        writeDone(&page)
        writeAgeing(&page)
        writeFilters(&page)
        if isCutShort {
            let count = StockOverview.maximumCars
            page.element("p", ["class": "notice"], say("只统计最新的 \(count) 辆。", "The newest \(count) cars are counted."))
        }
        cars.isEmpty ? writeNone(&page) : writeTable(&page)
        writePages(&page)
    }

    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    private func writeDone(_ page: inout HTMLWriter) {
        switch done {
        case "published": page.done(say("已发布，买家现在可以看到。", "Published: buyers see it now."))
        case "withdrawn": page.done(say("已下架。", "Withdrawn."))
        default: break
        }
    }

    // MARK: Ageing

    private func writeAgeing(_ page: inout HTMLWriter) {
        page.element("section", ["class": "ageing", "aria-labelledby": "ageing"]) { page in
            page.element("h2", ["id": "ageing"], say("库龄", "How long cars stand"))
            if counts.all > 0 { writeBar(&page) }
            page.element("ul", ["class": "bands"]) { page in
                for band in StockBand.allCases {
                    page.element("li") { page in
                        let isChosen = choice.band == band
                        let target = choice.with { $0.band = isChosen ? nil : band }.path
                        page.element(
                            "a",
                            ["class": "band \(band.rawValue)", "href": target, "aria-current": isChosen ? "true" : nil]
                        ) { page in
                            page.element("strong", "\(counts[band])")
                            page.text(" " + Words.band(band, sheet.language, lines))
                        }
                    }
                }
            }
            if counts[.overdue] > 0, choice.status != .sold {
                let value = Words.price(counts.overdueValue)
                page.element(
                    "p",
                    ["class": "soft"],
                    say("超期车辆标价合计 \(value)。", "Overdue cars are priced at \(value) together.")
                )
            }
        }
    }

    private func writeBar(_ page: inout HTMLWriter) {
        let label = StockBand.allCases.map { "\(Words.band($0, sheet.language, lines)) \(counts[$0])" }
            .joined(separator: say("，", ", "))
        page.element(
            "svg",
            [
                "class": "bar", "viewBox": "0 0 1000 24", "preserveAspectRatio": "none", "role": "img",
                "aria-label": label,
            ]
        ) { page in
            for bar in counts.bars where bar.width > 0 {
                page.element(
                    "rect",
                    [
                        "class": bar.band.rawValue, "x": "\(bar.start)", "y": "0", "width": "\(bar.width)",
                        "height": "24",
                    ]
                )
            }
        }
    }

    // MARK: Choosing

    private func writeFilters(_ page: inout HTMLWriter) {
        page.element("form", ["class": "filters", "method": "get", "action": "/dealer"]) { page in
            let statuses = ListingStatus.allCases.map { ($0.rawValue, Words.status($0, sheet.language)) }
            page.choice(
                "status",
                say("状态", "Status"),
                [("", say("全部在库", "All in stock"))] + statuses,
                chosen: choice.status?.rawValue ?? ""
            )
            let bands = StockBand.allCases.map { ($0.rawValue, Words.band($0, sheet.language, lines)) }
            page.choice(
                "band",
                say("库龄", "Standing"),
                [("", say("不限", "Any"))] + bands,
                chosen: choice.band?.rawValue ?? ""
            )
            let sorts = [
                ("days", say("库龄最久在前", "Longest standing first")), ("newest", say("入库最新在前", "Newest first")),
                ("price", say("价格从高到低", "Dearest first")), ("cheapest", say("价格从低到高", "Cheapest first")),
            ]
            page.choice("sort", say("排序", "Order"), sorts, chosen: choice.sort.rawValue)
            page.element("button", say("查看", "Show"))
        }
    }

    private func writeNone(_ page: inout HTMLWriter) {
        page.element("div", ["class": "empty"]) { page in
            if choice.status == nil, choice.band == nil, counts.all == 0 {
                page.element("p", say("还没有车辆。", "There are no cars yet."))
                page.element("p") { page in
                    page.element(
                        "a",
                        ["class": "button main", "href": "/dealer/imports"],
                        say("导入库存文件", "Import a stock list")
                    )
                }
            } else {
                page.element("p", say("没有符合条件的车辆。", "No car fits."))
                page.element("p") { $0.element("a", ["href": "/dealer"], say("查看全部", "Show all")) }
            }
        }
    }

    // MARK: Cars

    private func writeTable(_ page: inout HTMLWriter) {
        // The roles stay where narrow screens show each row as a card.
        page.element("table", ["class": "stock", "role": "table"]) { page in
            page.element("caption", say("共 \(foundCount) 辆", foundCount == 1 ? "1 car" : "\(foundCount) cars"))
            page.element("thead", ["role": "rowgroup"]) { page in
                page.element("tr", ["role": "row"]) { page in
                    for heading in headings {
                        page.element("th", ["role": "columnheader", "scope": "col"], heading)
                    }
                }
            }
            page.element("tbody", ["role": "rowgroup"]) { page in
                for car in cars {
                    page.newline()
                    page.element("tr", ["role": "row"]) { write(car, &$0) }
                }
            }
        }
    }

    private var headings: [String] {
        [
            say("车辆", "Car"), say("库存号", "Number"), say("状态", "Status"), say("价格", "Price"), say("库龄", "Standing"),
            say("操作", "Actions"),
        ]
    }

    private func write(_ car: StockCar, _ page: inout HTMLWriter) {
        page.element("th", ["role": "rowheader", "scope": "row"]) { page in
            page.element("a", ["href": "/dealer/listings/\(car.id)"], car.title)
            page.element("code", ["class": "vin"], car.vin)
        }
        cell(1, &page, class: "number") { $0.text(car.number ?? "—") }
        cell(2, &page) { page in
            page.element("span", ["class": "badge \(car.status.rawValue)"], Words.status(car.status, sheet.language))
        }
        cell(3, &page, class: "figure") { $0.text(Words.price(car.price)) }
        cell(4, &page) { page in
            page.element("span", ["class": "days"], say("\(car.days) 天", car.days == 1 ? "1 day" : "\(car.days) days"))
            page.text(" ")
            page.element("span", ["class": "badge \(car.band.rawValue)"], Words.shortBand(car.band, sheet.language))
        }
        cell(5, &page, class: "actions") { writeActions(car, &$0) }
    }

    private func cell(
        _ column: Int,
        _ page: inout HTMLWriter,
        class name: String? = nil,
        _ content: (inout HTMLWriter) -> Void
    ) {
        page.element("td", ["role": "cell", "data-label": headings[column], "class": name], content)
    }

    private func writeActions(_ car: StockCar, _ page: inout HTMLWriter) {
        guard mayChange, let tag = tags[car.id] else { return }
        switch car.status {
        case .draft, .withdrawn:
            page.element("form", ["method": "post", "action": "/dealer/listings/\(car.id)/publish"]) { page in
                page.hidden("tag", tag)
                page.hidden("next", choice.path)
                let name = say("发布 \(car.title)", "Publish \(car.title)")
                page.element("button", ["aria-label": name], say("发布", "Publish"))
            }
        case .published, .reserved:
            let name = say("下架 \(car.title)", "Withdraw \(car.title)")
            let target = "/dealer/listings/\(car.id)#withdraw"
            page.element("a", ["class": "button", "href": target, "aria-label": name], say("下架…", "Withdraw…"))
        case .sold: break
        }
    }

    private func writePages(_ page: inout HTMLWriter) {
        let last = max(1, (foundCount + StockChoice.carsPerPage - 1) / StockChoice.carsPerPage)
        guard last > 1 else { return }
        page.element("nav", ["class": "pages", "aria-label": say("翻页", "Pages")]) { page in
            if choice.page > 1 {
                let target = choice.with { $0.page = choice.page - 1 }.path
                page.element("a", ["class": "button", "rel": "prev", "href": target], say("上一页", "Previous"))
            }
            page.element("span", say("第 \(choice.page) 页，共 \(last) 页", "Page \(choice.page) of \(last)"))
            if choice.page < last {
                let target = choice.with { $0.page = choice.page + 1 }.path
                page.element("a", ["class": "button", "rel": "next", "href": target], say("下一页", "Next"))
            }
        }
    }
}

extension HTMLWriter {
    mutating func choice(
        _ name: String,
        _ label: String,
        _ options: [(value: String, name: String)],
        chosen: String
    ) {
        element("div", ["class": "choice"]) { page in
            page.element("label", ["for": name], label)
            page.element("select", ["id": name, "name": name]) { page in
                for option in options {
                    let isChosen = option.value == chosen ? "" : nil
                    page.element("option", ["value": option.value, "selected": isChosen], option.name)
                }
            }
        }
    }
}
