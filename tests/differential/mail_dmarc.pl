#!/usr/bin/perl
# What Mail::DMARC says to the cases on its standard input: a line each, of
# policy, alignment, result, the strictness of both alignments, its error, and
# the questions that it asked.  See cases.h.
use strict;
use warnings;

# Sampling (pct=) by the same number each time.
BEGIN { *CORE::GLOBAL::rand = sub { 0 } }

package Zone::Record;
sub type    { $_[0]{type} }
sub address { $_[0]{data} }

# As Net::DNS has it: the strings in a list, joined by spaces in a scalar.
sub txtdata {
    my ($self) = @_;
    return wantarray ? @{ $self->{data} } : join ' ', @{ $self->{data} };
}

package Zone::Packet;
sub answer { @{ $_[0]{answer} } }

package Zone;

sub errorstring { '' }

sub put {
    my ( $self, $name, $type, $data ) = @_;
    $data = '' if !defined $data;
    if ( $type eq 'TXT' && $data =~ s/^"// ) {
        $data = [ map { main::decode($_) } split /"/, $data, -1 ];
    }
    else {
        $data = main::decode($data);
    }
    push @{ $self->{names}{ lc main::decode($name) }{$type} }, $data;
    return;
}

# Net::DNS::Resolver: send() gives nothing when no server answers; of a
# failure it gives a packet without answers.
sub send {
    my ( $self, $name, $type ) = @_;
    push @{ $self->{asked} }, main::encode( lc $name ) . "/$type";
    $name = lc $name;
    my @answer;
    for ( 1 .. 16 ) {
        my $types = $self->{names}{$name} or last;
        my @data = @{ $types->{$type} || [] };
        return undef if grep { !ref && $_ eq 'TIMEOUT' } @data;
        last if grep { !ref && $_ eq 'SERVFAIL' } @data;
        push @answer,
          map { bless { type => $type, data => $_ }, 'Zone::Record' } @data;
        last if @data || !$types->{CNAME};
        $name = lc $types->{CNAME}[0];
    }
    return bless { answer => \@answer }, 'Zone::Packet';
}

# The same, and nothing when there is no answer.
sub query {
    my ( $self, @what ) = @_;
    my $packet = $self->send(@what);
    return $packet && $packet->answer ? $packet : undef;
}

package main;
use Mail::DMARC::PurePerl;

my $suffixes = shift;

sub decode {
    my ($s) = @_;
    $s =~ s/%([0-9A-F]{2})/chr hex $1/ge;
    return $s;
}

sub encode {
    my ($s) = @_;
    $s = '' if !defined $s;
    $s =~ s/([^!#\$&-+\--~])/sprintf '%%%02X', ord($1) & 255/ge;
    return $s;
}

sub strictness {
    my ($how) = @_;
    return defined $how && lc $how eq 's' ? 'strict' : 'relaxed';
}

# One validation; what SPF says is given.
sub judge {
    my ( $keys, $zone, $spf ) = @_;
    my $dmarc = Mail::DMARC::PurePerl->new;
    $dmarc->config->{dns}{public_suffix_list} = $suffixes;
    $dmarc->config->{smtp}{whitelist}         = '';
    $dmarc->set_resolver($zone);
    $dmarc->source_ip('192.0.2.1');
    $dmarc->header_from( $keys->{domain} );
    $dmarc->dkim( [] );
    $dmarc->spf(
        [ { scope => 'mfrom', domain => $keys->{sender}, result => $spf } ] );
    my $result = $dmarc->validate;
    # What was found counts only if nothing was said against it.
    my ($reason) = map { $_->comment } @{ $result->reason || [] };
    my $policy = eval { $result->published };
    return ( $policy && !$reason ? $policy : undef, $result, $reason );
}

sub ask {
    my ( $keys, $zone ) = @_;
    my @out = ( 'exception', '', '', '', '' );
    my $note = '';
    eval {
        my ( $policy, $result, $reason ) = judge( $keys, $zone, 'fail' );
        if ( !$policy ) {
            $note = $reason || 'no policy that can be read';
            @out = ( 'absent', '', 'none', '', '' );
        }
        else {
            my ( undef, $passed ) = judge( $keys, $zone, 'pass' );
            my $aligned = ( $passed->spf || '' ) eq 'pass';
            @out = (
                lc( $result->disposition || '' ),
                $aligned ? 'aligned' : 'not',
                $aligned && $keys->{spf} eq 'pass' ? 'pass' : 'fail',
                strictness( $policy->aspf ),
                strictness( $policy->adkim ),
            );
        }
        1;
    } or $note = "$@";
    $note =~ s/ at \S+ line.*//s;
    print join( "\t", @out, encode($note), join ',', @{ $zone->{asked} || [] } ),
      "\n";
    return;
}

binmode STDIN;
local $SIG{__WARN__} = sub { };
my ( $keys, $zone ) = ( {}, bless {}, 'Zone' );
while ( my $line = <STDIN> ) {
    chomp $line;
    my @fields = split /\t/, $line, -1;
    if ( !@fields ) {
        ask( $keys, $zone );
        ( $keys, $zone ) = ( {}, bless {}, 'Zone' );
    }
    elsif ( $fields[0] eq 'rr' ) {
        $zone->put( @fields[ 1 .. 3 ] );
    }
    else {
        $keys->{ $fields[0] } = decode( $fields[1] );
    }
}
