import Core
import HTTPTypes
import Pricing
import Valuation
import Web

// MARK: - What a car is worth

extension PageService {
    var priceEndpoints: [Endpoint] {
        [
            page("/price", query: ["estimate"], authorize: api.rule("GET /v1/pricing/estimates/{id}"), showPrice),
            action(
                "/price",
                fields: Set(PriceForm.fields),
                rateLimit: .pricing,
                authorize: api.rule("POST /v1/pricing/estimates"),
                askPrice
            ),
        ]
    }

    private func showPrice(_ call: Call) async throws -> Reply {
        guard let id = call.query["estimate"], !id.isEmpty else {
            return pricePage(call, FormState(call), nil, nil)
        }
        let estimate = try await api.ask("GET /v1/pricing/estimates/{id}", call, parameters: ["id": id]).json()
        var state = FormState(call)
        state.values = PriceForm.values(of: estimate)
        let published = try await api.ask("GET /v1/pricing/backtest", call).json()
        return pricePage(call, state, estimate, published)
    }

    /// The answer has an address of its own, so that it can be kept, sent on and looked at again.
    private func askPrice(_ call: Call) async throws -> Reply {
        let estimate = try await showing { failure in
            pricePage(call, FormState(call, failure.ofCar), nil, nil)
        } _: {
            try await api.ask("POST /v1/pricing/estimates", call, json: try PriceForm.request(call.form)).json()
        }
        return Reply.seeOther("/price?estimate=\(estimate.text("id"))")
    }

    private func pricePage(_ call: Call, _ state: FormState, _ estimate: JSON?, _ published: JSON?) -> Reply {
        let sheet = Sheet(call)
        let view = PriceView(sheet: sheet, stored: estimate, published: published)
        return sheet.reply(sheet.say("估价", "What a car is worth")) { page in
            if estimate != nil { view.write(&page) }
            PriceForm(state: state, isOpen: estimate == nil).write(&page)
        }
    }
}

extension Failure {
    /// The form has no object within an object.
    fileprivate var ofCar: Failure {
        let faults = faults.map { fault in
            let isOfCar = fault.pointer.hasPrefix("/car/")
            return Fault(
                pointer: isOfCar ? String(fault.pointer.dropFirst("/car".count)) : fault.pointer,
                code: fault.code,
                detail: fault.detail
            )
        }
        return Failure(type, zh: detail.zh, en: detail.en, faults: faults, retryAfterSeconds: retryAfterSeconds)
    }
}

/// What is asked of a car: its papers say most of it.
struct PriceForm {
    let state: FormState
    let isOpen: Bool

    static let fields = [
        "vin", "brand", "series", "trim", "model_year", "registered_on", "odometer_km", "new_price", "energy",
        "transfers", "colour", "city", "grade", "damage",
    ]

    private func say(_ zh: String, _ en: String) -> String { state.say(zh, en) }

    func write(_ page: inout HTMLWriter) {
        guard !isOpen else {
            page.element("p", ["class": "soft"], introduction)
            return writeForm(&page)
        }
        page.element("details", ["class": "card"]) { page in
            page.element("summary", say("换个条件再估", "Ask again with something changed"))
            writeForm(&page)
        }
    }

    private var introduction: String {
        say(
            "填得越全，估得越准。有车架号时，车辆历史里的记录会自动读入。每个因素都会列出理由和金额。",
            "The more is filled in, the surer the estimate. With a VIN the car's history is read in. Every factor "
                + "comes with its reason and its amount."
        )
    }

    private func writeForm(_ page: inout HTMLWriter) {
        page.element("form", ["method": "post", "action": "/price", "class": "price-form"]) { page in
            page.refusal(state, fields: PriceForm.fields)
            page.element("div", ["class": "fields"]) { page in
                for field in textFields { page.field(field, state) }
                choice("energy", say("能源", "Energy"), energies, &page)
                choice("grade", say("车况等级（GB/T 30323）", "Grade (GB/T 30323)"), grades, &page)
                choice("damage", say("严重损伤", "Severe damage"), damages, &page)
            }
            page.submit(say("估价", "Estimate"))
        }
    }

    private func choice(
        _ name: String,
        _ label: String,
        _ options: [(value: String, name: String)],
        _ page: inout HTMLWriter
    ) {
        page.choice(name, label, options, chosen: state.values[name] ?? "")
    }

    private var textFields: [Field] {
        [
            field("brand", say("品牌", "Make"), isFirst: isOpen),
            field("series", say("车系", "Series")),
            field("trim", say("车型", "Trim"), hint: say("如 2021款 1.5L 自动舒适版", "As the maker names it")),
            field("model_year", say("年款", "Model year"), hint: say("如 2021", "Such as 2021"), mode: "numeric"),
            field("registered_on", say("首次登记", "First registered"), type: "date"),
            field("odometer_km", say("里程（公里）", "Odometer (km)"), mode: "numeric"),
            field(
                "new_price",
                say("新车指导价（万元）", "Price when new (10,000 yuan)"),
                hint: say("如 12.99", "12.99 is 129,900 yuan"),
                mode: "decimal"
            ),
            field("colour", say("颜色", "Colour")),
            field("city", say("所在城市", "City")),
            field("transfers", say("过户次数", "Changes of owner"), mode: "numeric"),
            field("vin", say("车架号", "VIN"), hint: say("17 位，可不填", "17 characters, may be left out")),
        ]
    }

    /// With a VIN, or what is known of a car, anything else may be missing.
    private func field(
        _ name: String,
        _ label: String,
        type: String = "text",
        hint: String? = nil,
        mode: String? = nil,
        isFirst: Bool = false
    ) -> Field {
        Field(name: name, label: label, type: type, hint: hint, inputMode: mode, isRequired: false, isFirst: isFirst)
    }

    private var energies: [(value: String, name: String)] {
        [
            ("", say("不清楚", "Not known")), ("petrol", say("汽油", "Petrol")), ("diesel", say("柴油", "Diesel")),
            ("hybrid", say("油电混合", "Hybrid")), ("plug_in_hybrid", say("插电混动", "Plug-in hybrid")),
            ("range_extended", say("增程", "Range extended")), ("electric", say("纯电", "Battery electric")),
            ("other", say("其他", "Other")),
        ]
    }

    private var grades: [(value: String, name: String)] {
        [("", say("未检测", "Not inspected"))] + (1...5).map { ("\($0)", say("\($0) 级", "Grade \($0)")) }
    }

    private var damages: [(value: String, name: String)] {
        [
            ("", say("没有或不清楚", "None, or not known")),
            ("structural_accident", say("车身结构受损", "Body structure damaged")), ("flood", say("泡水", "Flooded")),
            ("fire", say("火烧", "Fire")),
        ]
    }
}

// MARK: - Reading

extension PriceForm {
    /// What the API is told.
    ///
    /// - Throws: `invalidRequest` for a number that is none.
    static func request(_ form: [String: String]) throws -> JSON {
        let faults = FaultCollector()
        var car = form.members(["brand", "series", "trim", "registered_on", "energy"])
        for name in ["model_year", "odometer_km", "transfers"] {
            guard let text = filled(form, name) else { continue }
            guard let number = Int64(text.filter { $0 != "," && $0 != " " }) else {
                faults.add("/\(name)", "wrong_type", zh: "须为整数", en: "Must be a whole number")
                continue
            }
            car.append(.init(name, .integer(number)))
        }
        if let text = filled(form, "new_price") {
            if let fen = fen(wan: text) {
                car.append(.init("new_price", ["amount": .integer(fen), "currency": "CNY"]))
            } else {
                faults.add("/new_price", "wrong_type", zh: "须为数字，如 12.99", en: "Must be a number such as 12.99")
            }
        }
        let texts = form.members(["colour", "city"])
        if !texts.isEmpty { car.append(.init("texts", .object(texts))) }
        let grade = filled(form, "grade").flatMap { Int64($0) }.map { JSON.Member("grade", .integer($0)) }
        let damage = filled(form, "damage").map { JSON.Member("damages", .array([JSON($0)])) }
        let condition = [grade, damage].compactMap { $0 }
        if !condition.isEmpty { car.append(.init("condition", .object(condition))) }
        try faults.throwIfAny()
        let vin = filled(form, "vin").map { [JSON.Member("vin", JSON($0.uppercased()))] } ?? []
        return .object(vin + [.init("car", .object(car))])
    }

    private static func filled(_ form: [String: String], _ name: String) -> String? {
        let text = form[name].map { $0.filter { !$0.isWhitespace } } ?? ""
        return text.isEmpty ? nil : text
    }

    /// Ten thousands of yuan with up to six places: a fen is the millionth part.
    private static func fen(wan text: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0]), whole >= 0, whole < 1_000_000 else { return nil }
        let places = parts.count == 2 ? String(parts[1]) : ""
        guard places.utf8.count <= 6, places.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let padded = places + String(repeating: "0", count: 6 - places.utf8.count)
        return Int64(padded).map { whole * 1_000_000 + $0 }
    }

    /// What was asked for, to be asked again with something changed.
    static func values(of stored: JSON) -> [String: String] {
        let car = stored["car"] ?? .null
        var values: [String: String] = ["vin": stored.text("vin")]
        for name in ["brand", "series", "trim", "registered_on", "energy"] { values[name] = car.text(name) }
        for name in ["model_year", "odometer_km", "transfers"] {
            values[name] = car[name]?.integerValue.map { "\($0)" } ?? ""
        }
        for name in ["colour", "city"] { values[name] = car["texts"]?.text(name) ?? "" }
        values["new_price"] = car["new_price"]?["amount"]?.integerValue.map { plainWan(Money(fen: $0)) } ?? ""
        values["grade"] = car["condition"]?["grade"]?.integerValue.map { "\($0)" } ?? ""
        values["damage"] = car["condition"]?.list("damages").first?.stringValue ?? ""
        return values
    }
}
