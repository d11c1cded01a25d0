//! Parquet parts and operators for records with open fields.
