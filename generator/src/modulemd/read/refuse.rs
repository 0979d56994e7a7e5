//! Nodes that no list and no map can be made of.

/// What visitors of lists and maps say of a tag, and of nothing.
macro_rules! plain_nodes_only {
    () => {
        fn visit_enum<A: serde::de::EnumAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(serde::de::Error::custom("YAML tags are not accepted"))
        }

        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Err(E::invalid_type(serde::de::Unexpected::Other("nothing"), &self))
        }

        fn visit_none<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            self.visit_unit()
        }
    };
}
pub(super) use plain_nodes_only;
