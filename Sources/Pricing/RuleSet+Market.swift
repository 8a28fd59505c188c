extension RuleSet {
    /// The document of the Chinese market's rules, written by hand, that comes with the product.
    package static var marketDocument: [UInt8] { Array(EmbeddedText.market.utf8) }

    /// - Throws: `Failure.invalidRuleSet` where the product was built with a faulty document; a test holds that it was
    ///   not.
    package static func market() throws -> RuleSet { try RuleSet(reading: marketDocument) }
}
