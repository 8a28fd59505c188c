package import Core
package import History

/// A question that the seller answers before a car is offered: yes, no, or not known. Yes is what a buyer would rather
/// not hear.
///
/// The first seven are those of article 14 of the 二手车流通管理办法 (known from a page that quotes it); flood and odometer
/// are the platform's own.
package enum Disclosure: String, Sendable, Hashable, CaseIterable {
    case commercialUse = "commercial_use"
    case majorRepair = "major_repair"
    case accident
    case inspectionExpired = "inspection_expired"
    case mortgaged
    case taxesOwed = "taxes_owed"
    case scrapDue = "scrap_due"
    case flood
    case odometerAltered = "odometer_altered"

    package var label: LocalizedText {
        switch self {
        case .commercialUse: LocalizedText(zh: "使用：做过营运", en: "Use: commercial")
        case .majorRepair: LocalizedText(zh: "修理：做过大修", en: "Repair: major")
        case .accident: LocalizedText(zh: "事故：出过伤及车身结构、全损或起火的事故", en: "Accident: structure, total loss or fire")
        case .inspectionExpired: LocalizedText(zh: "检验：年检已过期", en: "Inspection: expired")
        case .mortgaged: LocalizedText(zh: "抵押：抵押未解除", en: "Mortgage: not released")
        case .taxesOwed: LocalizedText(zh: "税费：有税费未缴清", en: "Taxes and fees: some are owed")
        case .scrapDue: LocalizedText(zh: "报废期：接近或达到报废年限、里程", en: "Scrap term: near or reached")
        case .flood: LocalizedText(zh: "涉水：严重涉水", en: "Flood: severe")
        case .odometerAltered: LocalizedText(zh: "里程：里程表被调低", en: "Odometer: turned back")
        }
    }

    /// What the car's records are asked about it. Empty where they know nothing of it.
    var findings: [FindingCode] {
        switch self {
        case .commercialUse: [.commercialUse]
        case .accident: [.structuralAccident, .totalLoss, .fire]
        case .mortgaged: [.mortgage]
        case .scrapDue: [.scrapAge]
        case .flood: [.flood]
        case .odometerAltered: [.odometerRollback]
        case .majorRepair, .inspectionExpired, .taxesOwed: []
        }
    }

    /// Answer and question in one sentence. What is not known is said to be so, whatever it is about.
    package func sentence(_ answer: TriState) -> LocalizedText {
        switch answer {
        case .yes: LocalizedText(zh: "\(label.zh)——是", en: "\(label.en): yes")
        case .no: LocalizedText(zh: "\(label.zh)——卖方声明：否", en: "\(label.en): no, the seller states")
        case .notKnown:
            LocalizedText(zh: "\(label.zh)——不清楚，不能当作没有", en: "\(label.en): not known, which is not a no")
        }
    }
}
