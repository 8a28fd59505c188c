package import Core

/// Where a rule comes from, and how well its text is known: what nobody here has read is never presented as law.
package struct RuleSource: Sendable, Hashable {
    package let basis: Basis
    package let title: LocalizedText
    /// Number of the article, `29(3)` being item 3 of article 29. `nil` where the whole text is meant.
    package let article: String?

    package enum Basis: String, Sendable, Hashable, CaseIterable {
        /// The text of the law was read.
        case law
        /// Known from a page that quotes it.
        case secondarySource = "secondary_source"
        /// Recalled, not read.
        case recalledNotRead = "recalled_not_read"
        /// Ours.
        case platformRule = "platform_rule"
    }

    private init(_ basis: Basis, zh: String, en: String, article: String? = nil) {
        self.basis = basis
        title = LocalizedText(zh: zh, en: en)
        self.article = article
    }

    package var json: JSON {
        [
            "basis": JSON(basis.rawValue),
            "title": title.bothLanguages,
            "article": .optional(article, JSON.string),
        ]
    }
}

extension RuleSource {
    static let platform = RuleSource(.platformRule, zh: "平台规则", en: "Platform rule")

    /// A car whose scrap age is a year or less away is not transferred.
    static let scrapAgeTransfer = registration("29(3)")
    /// A car that was stolen, robbed or obtained by fraud is not transferred: item 4 refers to article 15(9).
    static let stolenCarTransfer = registration("29(4)")
    /// A mortgaged car is transferred by the old owner, the new owner and the mortgagee together.
    static let mortgagedCarTransfer = registration("26")
    /// The new owner applies within 30 days of delivery.
    static let transferTerm = registration("25")

    private static func registration(_ article: String) -> RuleSource {
        RuleSource(
            .law,
            zh: "机动车登记规定（公安部，2021 年修订）",
            en: "Provisions on the Registration of Motor Vehicles (2021)",
            article: article
        )
    }

    /// Whoever sells, rents out or repairs cars stops selling a defective one as soon as he knows.
    static let recallSaleStop = RuleSource(
        .law,
        zh: "缺陷汽车产品召回管理条例（2019 年修订）",
        en: "Regulation on the Recall of Defective Automotive Products (2019)",
        article: "11"
    )
    /// Selling a car that has reached its scrap limit forfeits the proceeds.
    static let scrappedCarSale = RuleSource(
        .law,
        zh: "道路交通安全法（2021 年修正）",
        en: "Road Traffic Safety Law (2021)",
        article: "100"
    )
    /// A small private car is inspected every two years at first, then more often.
    static let periodicInspection = RuleSource(
        .law,
        zh: "道路交通安全法实施条例（2017 年修订）",
        en: "Regulation Implementing the Road Traffic Safety Law (2017)",
        article: "16(3)"
    )
    static let erasure = RuleSource(
        .law,
        zh: "个人信息保护法",
        en: "Personal Information Protection Law",
        article: "47"
    )
    /// The seller tells the buyer truly about use, repairs, accidents, inspection, mortgage and scrap term.
    static let usedCarDisclosure = RuleSource(
        .secondarySource,
        zh: "二手车流通管理办法",
        en: "Measures for the Circulation of Used Cars",
        article: "14"
    )
    /// A car that is not what its file at the registration office says is not transferred.
    static let unlikeItsFileTransfer = RuleSource(
        .recalledNotRead,
        zh: "机动车登记规定（公安部，2021 年修订）",
        en: "Provisions on the Registration of Motor Vehicles (2021)",
        article: "29(1)"
    )
    static let scrapLimits = RuleSource(
        .recalledNotRead,
        zh: "机动车强制报废标准规定（2012 年第 12 号）",
        en: "Provisions on the Compulsory Scrapping of Motor Vehicles (2012 No. 12)"
    )
}
