/// The edition that comes with the program.
package enum ShippedPlans {
    /// As it is kept in the repository, hashed, and stored with the first contract that is sold by it.
    package static let yaml = EmbeddedText.plans

    /// Reading it takes far longer than anything that is asked of it: keep the result.
    ///
    /// - Throws: `BookRefusal`; not for a text that was tested.
    package static func book() throws -> PlanBook { try PlanBook(yaml: yaml) }
}
